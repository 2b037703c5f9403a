"""The patch distance: zero for the same, small for more of the same, large for another."""

import numpy as np
from numpy.typing import NDArray

from exporters.patch_distance import patch_distance


def noise(seed: int, side: int = 48) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def checks(side: int = 48) -> NDArray[np.uint8]:
    rows, columns = np.indices((side, side)) // 4
    return np.repeat(((rows + columns) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)


def test_a_picture_is_at_no_distance_from_itself() -> None:
    assert patch_distance(noise(0), noise(0)) == 0


def test_more_of_the_same_texture_is_near() -> None:
    assert patch_distance(noise(0, 64), noise(1, 48)) < patch_distance(noise(0), checks()) / 10


def test_it_is_symmetric() -> None:
    assert np.isclose(patch_distance(noise(0), checks()), patch_distance(checks(), noise(0)))


def test_same_colours_in_another_order_are_far() -> None:
    shuffled = checks().reshape(-1, 3)
    shuffled = np.random.default_rng(0).permutation(shuffled).reshape(48, 48, 3)
    assert patch_distance(checks(), shuffled) > 20
