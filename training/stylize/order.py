"""All that somebody decides before a picture is painted in the manner of another.

Free of torch, so that a window may order. A painting lives in a folder: the order, the two
pictures, the newest state of what is painted. Nothing else is needed to go on with it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.losses.wish import LossWish
from training.stylize.limits import check_painting, check_size, check_weight

Bounds = Literal["sigmoid", "clamp"]
Start = Literal["content", "style", "noise"]


@dataclass(frozen=True)
class StylizeOrder:
    """What is painted from `content_path(folder)` and `style_path(folder)`.

    Layers are as in `lichen stylize --style-layers`; None leaves them to the network, and a
    network of None is VGG16 where it is at hand, else Lichen's own eye.
    """

    folder: Path
    size_pixels: int = 256
    style_size_pixels: int | None = None
    iterations: int = 200
    learning_rate: float = 0.1
    loss: str = "ot"
    style_weight: float = 1.0
    content_weight: float = 1.0
    style_layers: str | None = None
    content_layers: str | None = None
    total_variation: float = 0.0
    start: Start = "content"
    bounds: Bounds = "sigmoid"
    random_seed: int = 0
    network: str | None = None
    weights: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        """Raises LichenError for what no painting can be made with."""
        check_painting(
            self.size_pixels,
            self.iterations,
            self.learning_rate,
            self.total_variation,
            self.random_seed,
        )
        if self.style_size_pixels is not None:
            check_size("size of the style", self.style_size_pixels)
        check_weight("the style", self.style_weight)
        check_weight("the content", self.content_weight)
        # Read here only to see that they can be.
        LossWish(self.loss, layers=self.style_layers)
        LossWish(layers=self.content_layers)
