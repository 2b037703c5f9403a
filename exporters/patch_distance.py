"""How unlike two textures are, by their patches: the figure that the gallery is held to.

Sliced Wasserstein distance between the 7x7 patches of two pictures on a pyramid of halvings
(Rabin et al., "Wasserstein Barycenter and its Application to Texture Mixing", 2011).
"""

import numpy as np
from numpy.typing import NDArray

PATCH_SIDE_PIXELS = 7
SCALES = 3
DIRECTIONS = 64
QUANTILES = 256

# One array [DIRECTIONS, QUANTILES] for each level of the pyramid.
PatchQuantiles = list[NDArray[np.float32]]


def patch_distance(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Compare two pictures [h, w, 3] of any sizes of at least 16; 0 is alike, in grey levels.

    The directions are fixed, so figures of different pictures can be compared.
    """
    return quantile_distance(patch_quantiles(first), patch_quantiles(second))


def quantile_distance(first: PatchQuantiles, second: PatchQuantiles) -> float:
    """The patch distance of two pictures whose `patch_quantiles` are known."""
    levels = zip(first, second, strict=False)
    return float(np.mean([np.abs(small - other).mean() for small, other in levels]))


def patch_quantiles(picture: NDArray[np.uint8]) -> PatchQuantiles:
    """What `patch_distance` compares, for pictures that are compared more than once."""
    random = np.random.default_rng(0)
    found: PatchQuantiles = []
    for level in _pyramid(picture):
        directions = random.standard_normal((DIRECTIONS, 3 * PATCH_SIDE_PIXELS**2))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        found.append(_quantiles(level, directions))
    return found


def _pyramid(picture: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    levels = [picture.astype(np.float32)]
    while len(levels) < SCALES and min(levels[-1].shape[:2]) >= 2 * (PATCH_SIDE_PIXELS + 1):
        level = levels[-1]
        height, width = level.shape[0] // 2 * 2, level.shape[1] // 2 * 2
        blocks = level[:height, :width].reshape(height // 2, 2, width // 2, 2, 3)
        levels.append(blocks.mean(axis=(1, 3)))
    return levels


def _quantiles(level: NDArray[np.float32], directions: NDArray[np.float64]) -> NDArray[np.float32]:
    """Quantiles of the patches' projections, [DIRECTIONS, QUANTILES], linearly interpolated."""
    side = PATCH_SIDE_PIXELS
    windows = np.lib.stride_tricks.sliding_window_view(level, (side, side), axis=(0, 1))
    patches = windows.reshape(-1, 3 * side * side)
    # numpy's own quantiles take ten times as long as one sort.
    projected = np.sort(directions.astype(np.float32) @ patches.T, axis=1)
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES * (projected.shape[1] - 1)
    below = places.astype(np.int64)
    above = np.minimum(below + 1, projected.shape[1] - 1)
    weight = (places - below).astype(np.float32)
    quantiles: NDArray[np.float32] = projected[:, below] * (1 - weight)
    quantiles += projected[:, above] * weight
    return quantiles
