"""How long a training may go on."""

import math
from dataclasses import dataclass

from exporters.errors import LichenError

# Iterations or minutes; more is a slip, and what has no end cannot be counted down.
LONGEST = 1e9


@dataclass(frozen=True)
class Budget:
    """When to stop: after so many iterations in all, or minutes of this run, whichever is set."""

    iterations: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        """Raises LichenError for a budget that is used up before it begins, or has no end."""
        for length in (self.iterations, self.minutes):
            if length is not None and not 0 < length <= LONGEST:
                raise LichenError(
                    f"--iterations and --minutes must be above zero and at most {LONGEST:g}."
                )

    def completed(self, iteration: int, elapsed_seconds: float) -> float:
        """The share that is done, 0 to 1."""
        shares = [0.0]
        if self.iterations is not None:
            shares.append(iteration / self.iterations)
        if self.minutes is not None:
            shares.append(elapsed_seconds / (60 * self.minutes))
        return min(1.0, max(shares))

    def remaining_seconds(
        self, iteration: int, elapsed_seconds: float, seconds_per_iteration: float
    ) -> float:
        """How long the rest will take at this pace."""
        left = [math.inf]
        if self.iterations is not None:
            left.append((self.iterations - iteration) * seconds_per_iteration)
        if self.minutes is not None:
            left.append(60 * self.minutes - elapsed_seconds)
        return max(0.0, min(left))
