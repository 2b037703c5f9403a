"""Everything that decides how a diffusion model is trained, apart from the pictures."""

from dataclasses import dataclass
from typing import Literal, get_args

from exporters.errors import LichenError

# How noise grows with time; `training.dream.own.noise` has the formulas.
NoiseSchedule = Literal["karras", "cosine", "linear"]
# How the times of a batch are drawn.
TimeSampling = Literal["stratified", "uniform", "central"]
Precision = Literal["auto", "float32", "bfloat16"]

MOST_WIDTHS = 4


@dataclass(frozen=True)
class DreamerPlan:
    """Sizes and rates of a training; the defaults suit photographs on one CPU core.

    Pictures are scaled down until their shorter side has `side_pixels`, and patches are cut out
    of them. `widths` are the channels of the U-Net at each of its scales. Every batch of patches
    is used `reuse` times, with fresh noise.
    """

    patch_pixels: int = 64
    side_pixels: int = 256
    flip: bool = False
    widths: tuple[int, ...] = (64, 64, 96)
    batch: int = 8
    reuse: int = 4
    learning_rate: float = 1e-3
    schedule: NoiseSchedule = "karras"
    times: TimeSampling = "stratified"
    random_seed: int = 0

    def __post_init__(self) -> None:
        """Raises LichenError for a number that no training could use."""
        for name, low, high in (
            ("patch_pixels", 16, 512),
            ("side_pixels", 16, 4096),
            ("batch", 1, 1024),
            ("reuse", 1, 1000),
            ("random_seed", 0, 2**32 - 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                label = name.replace("_", " ")
                raise LichenError(f"{label} must be from {low} to {high}, not {value}.")
        if self.side_pixels < self.patch_pixels:
            raise LichenError(
                f"pictures of {self.side_pixels} pixels hold no patch of {self.patch_pixels}; "
                "use a larger --size or a smaller --patch."
            )
        check_widths(self.widths)
        if not 0 < self.learning_rate <= 1:
            raise LichenError(f"the learning rate {self.learning_rate} is outside (0, 1].")
        for name, kind in (("schedule", NoiseSchedule), ("times", TimeSampling)):
            if getattr(self, name) not in get_args(kind):
                raise LichenError(f"the {name} must be one of {', '.join(get_args(kind))}.")


def check_widths(widths: tuple[int, ...]) -> None:
    """Raises LichenError where no U-Net can have these channels."""
    if not 1 <= len(widths) <= MOST_WIDTHS or not all(
        8 <= width <= 1024 and width % 8 == 0 for width in widths
    ):
        raise LichenError(
            f"--widths takes 1 to {MOST_WIDTHS} multiples of 8 up to 1024, such as 64,64,96."
        )
