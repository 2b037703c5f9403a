"""Enlarged pictures: still the same, still tiling."""

import numpy as np
from numpy.typing import NDArray

from exporters.magnification import magnify

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.integers(0, 256, (5, 7, 3)).astype(np.uint8)


def waves(width: int) -> NDArray[np.uint8]:
    """One period of a sine across, so that nothing but a seam could be steep."""
    values = 127.5 + 100 * np.sin(2 * np.pi * np.arange(width) / width)
    return np.broadcast_to(values[None, :, None], (6, width, 3)).astype(np.uint8)


def test_each_cell_becomes_a_square() -> None:
    large = magnify(NOISE, 3)
    assert large.shape == (15, 21, 3)
    np.testing.assert_array_equal(large[1::3, 2::3], NOISE)
    np.testing.assert_array_equal(large[::3, ::3], NOISE)


def test_smooth_pictures_tile() -> None:
    large = magnify(waves(12), 4, smooth=True).astype(int)
    assert large.shape == (24, 48, 3)
    inside = np.abs(np.diff(large, axis=1)).max()
    assert np.abs(large[:, 0] - large[:, -1]).max() <= inside < 20


def test_a_rolled_picture_is_enlarged_to_a_rolled_one() -> None:
    rolled = magnify(np.roll(NOISE, (2, 3), (0, 1)), 4, smooth=True)
    np.testing.assert_array_equal(rolled, np.roll(magnify(NOISE, 4, smooth=True), (8, 12), (0, 1)))
