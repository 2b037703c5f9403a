"""Everything that decides how a training goes, apart from the exemplar and the loss."""

from dataclasses import dataclass

from exporters.errors import LichenError


@dataclass(frozen=True)
class TrainingPlan:
    """Sizes and rates of a training; the defaults suit a 128-pixel exemplar on one CPU core."""

    channels: int = 12
    hidden: int = 96
    fewest_steps: int = 24
    most_steps: int = 48
    grid_cells: int = 64
    batch: int = 4
    pool_size: int = 256
    reseed_every_iterations: int = 8
    damage_every_iterations: int | None = None
    learning_rate: float = 2e-3
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
        if not 0 < self.learning_rate <= 1:
            raise LichenError(f"the learning rate {self.learning_rate} is outside (0, 1].")


def learning_rate_factor(completed: float) -> float:
    """Two drops by 0.3, after 60 and 85 % of the training; `completed` runs from 0 to 1."""
    return 0.3 ** ((completed >= 0.6) + (completed >= 0.85))
