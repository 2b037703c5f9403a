"""What is to be decided about a diffusion model of the user's own: free of torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from exporters.errors import LichenError

# How noise is taken away: DDIM looks once a step, Heun twice and goes straighter.
Sampler = Literal["ddim", "heun"]

MOST_STEPS = 1000


@dataclass(frozen=True)
class OwnOptions:
    """`model` is what `lichen train-dreamer` wrote; `steps` lead from pure noise to a picture."""

    model: Path | None = None
    steps: int = 20
    sampler: Sampler = "ddim"
    device: str = "auto"

    def __post_init__(self) -> None:
        """Raises LichenError for what no model could do."""
        if not 1 <= self.steps <= MOST_STEPS:
            raise LichenError(
                f"a dreamer takes 1 to {MOST_STEPS:,} steps, not {self.steps:,}; 20 are usual."
            )
        if self.sampler not in get_args(Sampler):
            raise LichenError(
                f"the sampler must be {' or '.join(get_args(Sampler))}, not {self.sampler:.40}."
            )
