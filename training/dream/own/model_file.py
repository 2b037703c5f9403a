"""A trained model on disk: safetensors with one versioned JSON entry, never pickle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from training.dream.own.denoiser import Denoiser
from training.dream.own.plan import NoiseSchedule, check_widths
from training.plain_json import from_plain, to_plain

FORMAT_VERSION = 1
METADATA_KEY = "lichen_dreamer"
LARGEST_FILE_BYTES = 512 * 2**20


@dataclass(frozen=True)
class ModelFacts:
    """What goes with the weights; `pictures` says what they were learnt from."""

    widths: tuple[int, ...]
    patch_pixels: int
    schedule: NoiseSchedule = "karras"
    pictures: str = ""
    iterations: int = 0
    training_command: str = ""

    def __post_init__(self) -> None:
        """Raises LichenError for widths that no U-Net can have."""
        check_widths(self.widths)


@dataclass(frozen=True, eq=False)
class OwnModel:
    """A network that is ready to dream, and where it comes from."""

    denoiser: Denoiser
    facts: ModelFacts


def save_model(model: OwnModel, path: Path) -> None:
    """Write weights in half precision and facts, whole or not at all.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    tensors = {
        name: tensor.detach().cpu().half().contiguous()
        for name, tensor in model.denoiser.state_dict().items()
    }
    description = {"format_version": FORMAT_VERSION, **to_plain(model.facts)}
    with atomic_path(path) as temporary:
        temporary.write_bytes(
            safetensors.torch.save(tensors, {METADATA_KEY: json.dumps(description)})
        )


def load_model(path: Path, device: torch.device) -> OwnModel:
    """Read and check a model.

    Raises:
        LichenError: there is no such file, it is damaged, or holds something else.
    """
    if not path.is_file():
        raise LichenError(f"there is no model {path}; `lichen train-dreamer` makes one.")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise LichenError(f"{path} is larger than {LARGEST_FILE_BYTES >> 20} MiB: no dreamer.")
    try:
        with safe_open(path, framework="pt") as file:
            facts = _to_facts((file.metadata() or {}).get(METADATA_KEY), path)
            tensors: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}
        denoiser = Denoiser(facts.widths)
        denoiser.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (SafetensorError, OSError) as error:
        raise LichenError(f"{path} is damaged or cut short ({error}).") from error
    except RuntimeError as error:  # the word of load_state_dict
        raise LichenError(f"{path} does not hold the weights that it tells of.") from error
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        raise LichenError(f"{path} holds weights that are no numbers; train it anew.")
    return OwnModel(denoiser.to(device).eval(), facts)


def _to_facts(text: str | None, path: Path) -> ModelFacts:
    if text is None:
        raise LichenError(f"{path} is no dreamer; `lichen train-dreamer` makes one.")
    try:
        description: dict[str, Any] = dict(json.loads(text))
        version = description.pop("format_version")
        if version != FORMAT_VERSION:
            raise LichenError(
                f"{path} has format version {version!r:.40}, "
                f"this Lichen reads {FORMAT_VERSION}; update Lichen."
            )
        facts: ModelFacts = from_plain(ModelFacts, description)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise LichenError(f"{path}: its metadata does not fit the format ({error}).") from error
    return facts
