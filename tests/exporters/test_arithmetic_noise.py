"""Noise for hosts without integers: as even as it should be, and exact in 32-bit floats."""

import numpy as np
import pytest
from numpy.typing import NDArray

from exporters.arithmetic_noise import (
    NOISE_RANGE,
    PRIME,
    arithmetic_mask,
    arithmetic_noise,
    noise_key,
)

SIDE, STEPS = 128, 48
LARGE_SEED = 2**32 - 5

Masks = NDArray[np.bool_]
Floats = NDArray[np.float32]


@pytest.fixture(scope="module", params=[0, 1, LARGE_SEED])
def masks(request: pytest.FixtureRequest) -> Masks:
    """Half of the cells fire, bool [steps, height, width]."""
    steps = [arithmetic_mask(SIDE, SIDE, step, request.param, 0.5) for step in range(STEPS)]
    return np.array(steps)


def test_the_prime_suits_floats_and_cubes() -> None:
    assert all(PRIME % divisor for divisor in range(2, 64)) and PRIME < 64**2
    assert PRIME % 3 == 2
    assert NOISE_RANGE < 2**24


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
def test_as_many_cells_fire_as_should(rate: float) -> None:
    fires = [arithmetic_mask(SIDE, SIDE, step, 3, rate) for step in range(STEPS)]
    deviation = (rate * (1 - rate) / (SIDE * SIDE * STEPS)) ** 0.5
    assert abs(np.mean(fires) - rate) < 4 * deviation


def test_every_cell_fires_at_rate_one() -> None:
    assert arithmetic_mask(50, 50, 7, 0, 1.0).all()


def test_all_parts_of_the_range_are_alike() -> None:
    noise = [arithmetic_noise(SIDE, SIDE, step, 11) for step in range(STEPS)]
    assert 0 <= np.min(noise) and np.max(noise) < NOISE_RANGE
    found, _ = np.histogram(noise, bins=256, range=(0, NOISE_RANGE))
    expected = SIDE * SIDE * STEPS / 256
    chi_squared = ((found - expected) ** 2 / expected).sum()
    assert 170 < chi_squared < 350  # 255 is usual, and 22 one deviation


@pytest.mark.parametrize(
    "shift",
    [(0, 0, 1), (0, 0, 2), (0, 1, 0), (0, 2, 0), (0, 1, 1), (0, 1, -1), (1, 0, 0), (1, 1, 1)],
)
def test_neighbours_in_space_and_time_know_nothing_of_each_other(
    masks: Masks, shift: tuple[int, int, int]
) -> None:
    signs = 2.0 * masks - 1
    correlation = (signs * np.roll(signs, shift, (0, 1, 2))).mean()
    assert abs(correlation) < 4.5 / signs.size**0.5


def test_no_pattern_stands_out(masks: Masks) -> None:
    """The strongest of all waves is not stronger than in chance."""
    signs = 2.0 * masks - 1
    power = np.abs(np.fft.fft2(signs)) ** 2 / SIDE**2
    power[:, 0, 0] = 0
    assert power.max() < np.log(power.size) + 8


def test_steps_and_seeds_differ() -> None:
    noises = {
        arithmetic_noise(8, 8, step, seed).tobytes() for step in range(300) for seed in (0, 1)
    }
    assert len(noises) == 600


def test_every_number_on_the_way_is_exact_in_floats() -> None:
    """The same network in float32, with a quotient that is one off now and then, as on a GPU."""
    generator = np.random.default_rng(0)
    prime = np.float32(PRIME)

    def reduced(number: Floats) -> Floats:
        assert number.max() < 2**24 and number.min() >= 0
        quotient = np.floor(number / prime) + generator.integers(-1, 2, number.shape)
        remainder = number - prime * quotient.astype(np.float32)
        remainder = np.where(remainder < 0, remainder + prime, remainder)
        return np.where(remainder >= prime, remainder - prime, remainder).astype(np.float32)

    def mixed(left: Floats, right: Floats, key: int) -> tuple[Floats, Floats]:
        base = reduced(left + np.float32(key))
        return reduced(right + reduced(reduced(base * base) * base)), left

    step = 15_999_999
    zeros = np.zeros((5, 4500), np.float32)
    low = reduced(zeros + np.float32(step))
    left, right = low, np.floor((step - low) / prime + np.float32(0.5))
    for key in (*noise_key(LARGE_SEED), 1373):
        left, right = mixed(left, right, key)
    left = reduced(left + np.arange(5, dtype=np.float32)[:, None])
    for key in (17, 1234):
        left, right = mixed(left, right, key)
    left = reduced(left + np.arange(4500, dtype=np.float32))
    for key in (23, 3011, 777):
        left, right = mixed(left, right, key)
    noise = left * prime + right
    np.testing.assert_array_equal(noise, arithmetic_noise(4500, 5, step, LARGE_SEED))
