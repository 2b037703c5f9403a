"""What a grid holds before the first step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.float32 import all_fit_float32
from exporters.update_mask import cell_hash

SeedKind = Literal["zeros", "uniform", "single cell"]

# Keeps the seeding noise apart from the update masks, which hash the same coordinates.
SEED_SALT = 0x5EED5EED


@dataclass(frozen=True)
class Seed:
    """The starting state: all zeros, noise from [low, high), or one living cell."""

    kind: SeedKind = "zeros"
    low: float = 0.0
    high: float = 0.0

    def __post_init__(self) -> None:
        """Raises LichenError for an unknown kind or an empty or infinite interval."""
        if self.kind not in get_args(SeedKind):
            raise LichenError(
                f"the seed {self.kind!r} is unknown; use one of {', '.join(get_args(SeedKind))}."
            )
        if not (
            all_fit_float32([self.low, self.high, self.high - self.low]) and self.low <= self.high
        ):
            raise LichenError(
                f"the seed's interval [{self.low}, {self.high}] is not a finite, rising one."
            )


# Fractions from 0 to below 1, [height, width], from width, height, channel and random seed.
UnitNoise = Callable[[int, int, int, int], NDArray[np.float32]]


def hashed_unit_noise(
    width: int, height: int, channel: int, random_seed: int
) -> NDArray[np.float32]:
    """The upper 24 bits of the update mask's own hash, as fractions, [height, width]."""
    noise = cell_hash(width, height, channel, random_seed) >> np.uint32(8)
    return noise.astype(np.float32) / np.float32(2**24)


def seed_state(
    seed: Seed,
    channels: int,
    height: int,
    width: int,
    random_seed: int = 0,
    *,
    unit_noise: UnitNoise = hashed_unit_noise,
) -> NDArray[np.float32]:
    """Build the starting state, shape [channels, height, width].

    Noise comes from the update mask's own hash, so that every backend can seed itself alike:
    channel c of cell (x, y) is low + (high - low) * (hash(x, y, c, random_seed xor salt) >> 8)
    / 2**24. A host without that hash has its own `unit_noise`. The single cell stands at
    (width // 2, height // 2): colour channels 0, alpha and hidden channels 1.
    """
    state = np.zeros((channels, height, width), np.float32)
    if seed.kind == "single cell":
        state[min(3, channels - 1) :, height // 2, width // 2] = 1
    elif seed.kind == "uniform":
        for channel in range(channels):
            unit = unit_noise(width, height, channel, (random_seed ^ SEED_SALT) & 0xFFFFFFFF)
            state[channel] = seed.low + (seed.high - seed.low) * unit
    return state
