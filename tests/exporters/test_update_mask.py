"""The hash against its published vectors, and the masks made of it."""

import numpy as np
import pytest

from exporters.update_mask import cell_hash, firing_threshold, update_mask

# (x, y, step, random seed): hash
VECTORS = {
    (0, 0, 0, 0): 2368882721,
    (1, 0, 0, 0): 2862076663,
    (0, 1, 0, 0): 537453139,
    (5, 3, 7, 42): 3506633706,
    (255, 255, 100000, 4294967295): 243734762,
}


@pytest.mark.parametrize(("inputs", "expected"), VECTORS.items())
def test_hash_vectors(inputs: tuple[int, int, int, int], expected: int) -> None:
    x, y, step, random_seed = inputs
    assert cell_hash(x + 1, y + 1, step, random_seed)[y, x] == expected


def test_step_and_seed_wrap_at_32_bits() -> None:
    np.testing.assert_array_equal(cell_hash(4, 3, 2**32 + 5, 2**32 + 7), cell_hash(4, 3, 5, 7))


def test_threshold_of_the_ends() -> None:
    assert firing_threshold(1.0) == 2**24
    assert firing_threshold(0.5) == 2**23


def test_every_cell_fires_at_rate_one() -> None:
    assert update_mask(64, 64, 3, 1, 1.0).all()


@pytest.mark.parametrize("update_rate", [0.1, 0.5, 0.9])
def test_share_of_firing_cells(update_rate: float) -> None:
    masks = [update_mask(64, 48, step, 9, update_rate) for step in range(20)]
    cells = 20 * 64 * 48
    three_sigma = 3 * (update_rate * (1 - update_rate) / cells) ** 0.5
    assert abs(np.mean(masks) - update_rate) < three_sigma


def test_masks_differ_by_step_and_seed() -> None:
    first = update_mask(32, 32, 0, 0, 0.5)
    for other in (update_mask(32, 32, 1, 0, 0.5), update_mask(32, 32, 0, 1, 0.5)):
        assert 0.3 < (first != other).mean() < 0.7
