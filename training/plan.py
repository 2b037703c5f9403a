"""Everything that decides how a training goes, apart from the exemplar and the loss."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from exporters.errors import LichenError

# Falls along a cosine to a fiftieth, or drops to 0.3 of itself after 60 % and after 85 %.
Schedule = Literal["cosine", "drops"]

# A form's, from the paper: its kernels' weights are shares of a neighbourhood.
FORM_FILTER_SCALES = (1.0, 1 / 8, 1 / 8, 1 / 16)


@dataclass(frozen=True)
class TrainingPlan:
    """Sizes and rates of a training; the defaults suit a 128-pixel exemplar on one CPU core."""

    channels: int = 12
    hidden: int = 96
    fewest_steps: int = 24
    most_steps: int = 48
    steps_rise_share: float = 0.7
    grid_cells: int = 64
    batch: int = 4
    pool_size: int = 64
    reseed_every_iterations: int = 16
    reseed_slows: bool = False
    damage_every_iterations: int | None = 2
    damaged_states: int = 1
    robust: bool = False
    learning_rate: float = 4e-3
    schedule: Schedule = "cosine"
    average_from: float = 0.75
    random_seed: int = 0

    def __post_init__(self) -> None:
        """Raises LichenError for a number that no training could use."""
        for name, low, high in (
            ("channels", 3, 64),
            ("hidden", 1, 4096),
            ("grid_cells", 16, 1024),
            ("batch", 1, 256),
            ("pool_size", 1, 4096),
            ("reseed_every_iterations", 1, 10**6),
            ("damage_every_iterations", 1, 10**6),
            ("damaged_states", 1, 256),
            ("random_seed", 0, 2**62),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                label = name.replace("_", " ")
                raise LichenError(f"{label} must be from {low} to {high}, not {value}.")
        if not 1 <= self.fewest_steps <= self.most_steps <= 1024:
            raise LichenError(
                f"the steps {self.fewest_steps}:{self.most_steps} are not a range within 1 to 1024."
            )
        if self.batch > self.pool_size:
            raise LichenError(
                f"a batch of {self.batch} does not fit into a pool of {self.pool_size}."
            )
        if not 0 <= self.steps_rise_share <= 1:
            raise LichenError(
                f"the share {self.steps_rise_share} in which the steps rise is outside [0, 1]."
            )
        if not 0 <= self.average_from <= 1:
            raise LichenError(
                f"the share {self.average_from} from which weights are averaged is outside [0, 1]."
            )
        if self.schedule not in get_args(Schedule):
            raise LichenError(f"the schedule must be cosine or drops, not {self.schedule}.")
        if not 0 < self.learning_rate <= 1:
            raise LichenError(f"the learning rate {self.learning_rate} is outside (0, 1].")

    def reseed_interval(self, completed: float) -> int:
        """Iterations from one reseeding to the next when this share of the training is done.

        Where reseeding slows, it starts at every iteration and ends at the plan's interval: a form
        has to grow before it can grow old.
        """
        share = completed if self.reseed_slows else 1.0
        interval: float = self.reseed_every_iterations**share
        return round(interval)

    def step_range(self, completed: float) -> tuple[int, int]:
        """Fewest and most steps of an iteration when this share of the training is done.

        Both rise from a third to the whole over the first `steps_rise_share` of the training: a
        young automaton learns as much from a few steps as from many, which take longer.
        """
        risen = min(1.0, completed / self.steps_rise_share) if self.steps_rise_share else 1.0
        share = (1 + 2 * risen) / 3
        return max(1, round(self.fewest_steps * share)), max(1, round(self.most_steps * share))


GROWING_PLAN = TrainingPlan(
    channels=16,
    fewest_steps=48,
    most_steps=80,
    steps_rise_share=0.0,
    pool_size=64,
    reseed_every_iterations=16,
    reseed_slows=True,
    damage_every_iterations=2,
    learning_rate=2e-3,
    schedule="drops",
)


def learning_rate_factor(schedule: Schedule, completed: float) -> float:
    """What the learning rate is multiplied by when this share of a training, 0 to 1, is done."""
    if schedule == "drops":
        return 0.3 ** ((completed >= 0.6) + (completed >= 0.85))
    return max(0.02, (1 + math.cos(math.pi * completed)) / 2)
