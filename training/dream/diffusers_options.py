"""What is to be decided about a diffusion model, before any is loaded: free of torch."""

import re
from dataclasses import dataclass
from pathlib import Path

from exporters.errors import LichenError
from training.dream.diffusion.scheduler_names import find_scheduler
from training.dream.journey import RANGES
from training.dream.schedule import Schedule

MOST_STEPS = 1000
DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


@dataclass(frozen=True)
class DiffusersOptions:
    """Which model, and how it is asked; None is what suits the model.

    `model` is a local folder, a single file or a name on the hub, which is fetched only where
    `download` allows it. The schedules (`training.dream.schedule`) say how firmly every frame is
    guided by the structure of one picture and the texture of another: 0 not at all, 1 firmly.
    `first_seed` and `first_guidance` are those of the first picture, where a prompt alone is given.
    """

    model: str = ""
    download: bool = False
    steps: int | None = None
    scheduler: str | None = None
    device: str = "auto"
    content_image: Path | None = None
    content_guidance: str = "0"
    style_image: Path | None = None
    style_guidance: str = "0"
    first_seed: int = 0
    first_guidance: float | None = None

    def __post_init__(self) -> None:
        """Raises LichenError for whatever no model could follow."""
        if self.steps is not None and not 1 <= self.steps <= MOST_STEPS:
            raise LichenError(f"a frame takes 1 to {MOST_STEPS:,} steps, not {self.steps:,}.")
        if self.scheduler is not None:
            find_scheduler(self.scheduler)
        if not DEVICE.fullmatch(self.device):
            raise LichenError(f"there is no device {self.device!r}; use auto, cpu, cuda or mps.")
        for name, image, schedule in (
            ("content", self.content_image, self.content_guidance),
            ("style", self.style_image, self.style_guidance),
        ):
            Schedule(schedule)
            if image is None and schedule != "0":
                raise LichenError(f"guidance by a {name} image needs one; name a picture file.")
        check_random_seed(self.first_seed)
        if self.first_guidance is not None:
            check_guidance(self.first_guidance)


def check_random_seed(random_seed: int) -> None:
    """Raise LichenError for a random seed outside 0 to 2^32 - 1."""
    if not 0 <= random_seed < 2**32:
        raise LichenError(f"the random seed {random_seed} is outside 0 to 2^32 - 1.")


def check_guidance(guidance: float) -> None:
    """Raise LichenError for a guidance that no journey might have either."""
    low, high = RANGES["guidance"]
    if not low <= guidance <= high:
        raise LichenError(f"the guidance must be from {low:g} to {high:g}, not {guidance:g}.")
