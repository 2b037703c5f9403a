"""A painting that is being prepared: any field may hold a mistake, which is told beside it."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from exporters.errors import LichenError
from training.stylize.order import Bounds, Start, StylizeOrder

SlotName = Literal["content", "style"]
SLOTS: tuple[SlotName, ...] = ("content", "style")
# What is told where a slot is empty.
MISSING: dict[SlotName, str] = {
    "content": "choose the picture to paint first.",
    "style": "choose a picture for the style first.",
}
WHOLE_NUMBERS = ("size_pixels", "style_size_pixels", "iterations", "random_seed")
NUMBERS = ("learning_rate", "style_weight", "content_weight", "total_variation")
# Left empty, these are as usual.
OPTIONAL = ("style_size_pixels", "style_layers", "content_layers", "network", "weights")
# Both names are to be told apart in the name of one folder.
LONGEST_NAME_LETTERS = 18


@dataclass(frozen=True)
class StylizeDraft:
    """Becomes an order once all its fields can be read; they mean what a StylizeOrder's do."""

    size_pixels: str = "256"
    style_size_pixels: str = ""
    iterations: str = "200"
    learning_rate: str = "0.1"
    loss: str = "ot"
    style_weight: str = "1"
    content_weight: str = "1"
    style_layers: str = ""
    content_layers: str = ""
    total_variation: str = "0"
    start: Start = "content"
    bounds: Bounds = "sigmoid"
    random_seed: str = "0"
    network: str = ""
    weights: str = ""
    device: str = "auto"

    def order(self, folder: Path) -> StylizeOrder:
        """The order for it. Raises LichenError for the first of its mistakes."""
        values = {name: _read(name, text) for name, text in asdict(self).items()}
        return StylizeOrder(folder, **values)

    def complaint(self, name: str) -> str:
        """What is wrong with one field, or nothing."""
        return _complaint(name, getattr(self, name))


def painting_name(content: str, style: str) -> str:
    """What a painting of two pictures is called."""
    return f"{content[:LONGEST_NAME_LETTERS].strip()} in {style[:LONGEST_NAME_LETTERS].strip()}"


@lru_cache(maxsize=256)
def _complaint(name: str, text: str) -> str:
    """Kept, since a panel asks in every frame."""
    try:
        StylizeOrder(Path(), **{name: _read(name, text)})
    except LichenError as error:
        return str(error)
    return ""


def _read(name: str, text: str) -> Any:
    """What the text of a field means. Raises LichenError where it means nothing."""
    text = text.strip()
    if not text and name in OPTIONAL:
        return None
    try:
        if name in WHOLE_NUMBERS:
            return int(text)
        if name in NUMBERS:
            return float(text)
    except ValueError as error:
        kind = "whole number" if name in WHOLE_NUMBERS else "number"
        raise LichenError(f"{text!r} is no {kind}.") from error
    return Path(text) if name == "weights" else text
