"""Noise that frays edges."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def ragged_noise(
    width: int, height: int, rags_a_side: tuple[int, ...], random_seed: int
) -> NDArray[np.float32]:
    """Smooth noise, [height, width], 0 to 1: so many rags along a side, the more the fainter."""
    generator = np.random.default_rng(random_seed)
    total = np.zeros((height, width), np.float32)
    for rags in rags_a_side:
        coarse = Image.fromarray(generator.random((rags, rags), np.float32))
        total += np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)) / rags
    total -= total.min()
    noise: NDArray[np.float32] = total / total.max()
    return noise
