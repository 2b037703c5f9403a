"""What verifying an export finds: how far it is from the numpy reference, or why nobody knows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters import reference
from exporters.automaton import Automaton
from exporters.content import furnished_state
from exporters.targets.target import ExportOptions

VERIFIED_STEPS = 8
# Further on, rounding grows into other, equally good textures.
LARGEST_FLOAT_ERROR = 1e-3


@dataclass(frozen=True)
class Verification:
    """One way of running an export, `runtime`, and how it went.

    `error` is the largest difference of any channel of any cell to the numpy reference after
    `VERIFIED_STEPS` from the same seed, and None where it could not run: `note` says why.
    """

    runtime: str
    error: float | None = None
    bound: float = LARGEST_FLOAT_ERROR
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether it ran and kept within its bound."""
        return self.error is not None and self.error <= self.bound


@dataclass(frozen=True)
class Export:
    """What was written, and from what: all that a verifier may read.

    `create_context` gives the process's one OpenGL context.
    """

    automaton: Automaton
    options: ExportOptions
    path: Path
    create_context: Callable[[], moderngl.Context]

    def seed_state(self) -> NDArray[np.float32]:
        """What the grid of the options holds before step 0, [channels, height, width]."""
        width, height = self.options.grid
        return furnished_state(self.automaton, height, width, self.options.random_seed)

    @cached_property
    def expected_state(self) -> NDArray[np.float32]:
        """What the reference makes of the seed in `VERIFIED_STEPS`, [channels, height, width]."""
        random_seed = self.options.random_seed
        return reference.run(self.automaton, self.seed_state(), VERIFIED_STEPS, random_seed)

    def compare(self, runtime: str, state: NDArray[np.float32]) -> Verification:
        """Hold what a runtime made of the same seed in as many steps against the reference."""
        return Verification(runtime, float(np.abs(state - self.expected_state).max()))


# A verifier runs the files as their host would, and compares. Raises LichenError where what it
# needs is not installed.
Verifier = Callable[[Export], list[Verification]]
