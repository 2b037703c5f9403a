"""Which cells fire: a hash of cell, step and seed, alike on every backend.

The hash is PCG (Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 2020).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# Which cells fire, bool [height, width], from width, height, step, random seed and update rate.
UpdateMask = Callable[[int, int, int, int, float], NDArray[np.bool_]]


def pcg(value: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Hash every element; all arithmetic wraps at 32 bits. Shape is kept."""
    state = value * np.uint32(747796405) + np.uint32(2891336453)
    word = ((state >> ((state >> np.uint32(28)) + np.uint32(4))) ^ state) * np.uint32(277803737)
    hashed: NDArray[np.uint32] = (word >> np.uint32(22)) ^ word
    return hashed


def cell_hash(width: int, height: int, step: int, random_seed: int) -> NDArray[np.uint32]:
    """Hash every cell of a grid: pcg(x + pcg(y + pcg(step + pcg(seed)))), [height, width]."""
    with np.errstate(over="ignore"):
        seed_hash = pcg(np.array([random_seed & 0xFFFFFFFF], np.uint32))
        step_hash = pcg(np.array([step & 0xFFFFFFFF], np.uint32) + seed_hash)
        row_hash = pcg(np.arange(height, dtype=np.uint32)[:, None] + step_hash)
        return pcg(np.arange(width, dtype=np.uint32)[None, :] + row_hash)


def firing_threshold(update_rate: float) -> int:
    """The integer that a cell's 24-bit hash must stay below for the cell to fire."""
    return round(update_rate * 2**24)


def update_mask(
    width: int, height: int, step: int, random_seed: int, update_rate: float
) -> NDArray[np.bool_]:
    """Say which cells fire at this step, bool [height, width]; `step` counts from 0."""
    noise = cell_hash(width, height, step, random_seed) >> np.uint32(8)
    return noise < np.uint32(firing_threshold(update_rate))
