"""Noise and update masks for hosts that have no unsigned integers, only 32-bit floats.

Every number on the way is whole and below 2^24, which floats hold exactly. Two halves of noise,
each below a prime, go through a Feistel network whose round function is a cube modulo the prime
(after Albrecht et al., "MiMC: Efficient Encryption and Cryptographic Hashing with Minimal
Multiplicative Complexity", ASIACRYPT 2016). shaders/hosts/arithmetic_noise.glsl is its twin.
"""

import numpy as np
from numpy.typing import NDArray

# The largest prime below 2^12 that leaves 2 when divided by 3: cubes modulo such a one are all
# different, and products stay below 2^24.
PRIME = 4091
NOISE_RANGE = PRIME**2

Numbers = NDArray[np.int64]
Halves = tuple[Numbers, Numbers]


def noise_key(random_seed: int) -> tuple[int, int, int]:
    """The three numbers below PRIME that stand for a random seed of up to 32 bits."""
    return (
        random_seed % PRIME,
        random_seed // PRIME % PRIME,
        random_seed // NOISE_RANGE % PRIME,
    )


def arithmetic_noise(width: int, height: int, index: int, random_seed: int) -> Numbers:
    """Noise for every cell of a grid, whole numbers from 0 to below NOISE_RANGE, [height, width].

    `index` is a step, a channel or what else tells pieces of noise apart, below 2^24.
    """
    halves = (np.array(index % PRIME), np.array(index // PRIME % PRIME))
    for part in noise_key(random_seed):
        halves = _mixed(halves, part)
    left, right = _mixed(halves, 1373)
    left = (left + np.arange(height)[:, None]) % PRIME
    left, right = _mixed(_mixed((left, right), 17), 1234)
    left = (left + np.arange(width)) % PRIME
    left, right = _mixed(_mixed(_mixed((left, right), 23), 3011), 777)
    return left * PRIME + right


def arithmetic_threshold(update_rate: float) -> int:
    """What a cell's noise must stay below for the cell to fire."""
    return round(update_rate * NOISE_RANGE)


def arithmetic_mask(
    width: int, height: int, step: int, random_seed: int, update_rate: float
) -> NDArray[np.bool_]:
    """Which cells fire at a step, bool [height, width]; the like of `update_mask.update_mask`."""
    noise = arithmetic_noise(width, height, step, random_seed)
    return noise < arithmetic_threshold(update_rate)


def arithmetic_unit_noise(
    width: int, height: int, index: int, random_seed: int
) -> NDArray[np.float32]:
    """The noise as fractions from 0 to below 1, [height, width]."""
    noise = arithmetic_noise(width, height, index, random_seed)
    return noise.astype(np.float32) / np.float32(NOISE_RANGE)


def _mixed(halves: Halves, round_key: int) -> Halves:
    left, right = halves
    base = (left + round_key) % PRIME
    return (right + base * base % PRIME * base) % PRIME, left
