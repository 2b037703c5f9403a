"""What grids hold before the first step."""

import numpy as np
import pytest

from exporters.errors import LichenError
from exporters.seed import Seed, seed_state

# The 24 bits that each of 2 channels of a grid of 3x2 cells draws, for the random seed 42.
NOISE = [
    [[16625627, 5802724, 7084692], [2368859, 12381845, 16227625]],
    [[10339811, 73085, 4913428], [11719794, 9165849, 7494617]],
]


def test_zeros() -> None:
    assert not seed_state(Seed("zeros"), 5, 3, 4, 1).any()


def test_single_cell_lights_alpha_and_hidden_channels_in_the_middle() -> None:
    state = seed_state(Seed("single cell"), 6, 5, 8)
    assert state.sum() == 3
    np.testing.assert_array_equal(state[:, 5 // 2, 8 // 2], [0, 0, 0, 1, 1, 1])


def test_single_cell_of_few_channels_is_visible() -> None:
    assert seed_state(Seed("single cell"), 1, 3, 3)[0, 1, 1] == 1


def test_noise_vectors() -> None:
    state = seed_state(Seed("uniform", -0.5, 0.5), 2, 2, 3, 42)
    np.testing.assert_array_equal(state, np.array(NOISE) / 2**24 - 0.5)


def test_noise_fills_its_interval() -> None:
    state = seed_state(Seed("uniform", -1, 3), 4, 64, 64, 7)
    assert -1 <= state.min() < -0.99 and 2.99 < state.max() < 3
    assert abs(state.mean() - 1) < 0.05


def test_noise_differs_by_channel_and_seed() -> None:
    state = seed_state(Seed("uniform", 0, 1), 2, 16, 16, 0)
    other = seed_state(Seed("uniform", 0, 1), 2, 16, 16, 1)
    assert (state[0] != state[1]).mean() > 0.9
    assert (state != other).mean() > 0.9


@pytest.mark.parametrize(
    "arguments",
    [("noise",), ("uniform", 1, 0), ("uniform", 0, float("inf")), ("uniform", float("nan"), 1)],
)
def test_mistakes_are_told(arguments: tuple[str, ...]) -> None:
    with pytest.raises(LichenError):
        Seed(*arguments)  # type: ignore[arg-type]
