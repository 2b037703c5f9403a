"""The numpy reference by itself; tests/viewer/test_equivalence.py works its step out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.errors import LichenError
from exporters.reference import perceive, run, step
from support import random_automaton, random_state


def test_perception_lists_all_filters_of_a_channel_together() -> None:
    automaton = random_automaton(3, 4)
    state = np.zeros((3, 5, 5), np.float32)
    state[1, 2, 2] = 1
    perception = perceive(automaton, state)
    assert not perception[:4].any() and not perception[8:].any()
    np.testing.assert_array_equal(perception[4], state[1])
    np.testing.assert_array_equal(perception[5, 1:4, 1:4], [[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    np.testing.assert_array_equal(perception[6, 1:4, 1:4], [[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    np.testing.assert_array_equal(perception[7, 1:4, 1:4], [[1, 2, 1], [2, -12, 2], [1, 2, 1]])


def test_slopes_are_positive_where_values_rise_rightwards_and_downwards() -> None:
    rows, columns = np.mgrid[0:5, 0:7].astype(np.float32)
    automaton = random_automaton(1, 1)
    rightwards = perceive(automaton, columns[None])[:, 2, 3]
    downwards = perceive(automaton, rows[None])[:, 2, 3]
    np.testing.assert_array_equal(rightwards, [3, 8, 0, 0])
    np.testing.assert_array_equal(downwards, [2, 0, 8, 0])


def test_filter_scales_multiply_their_filter() -> None:
    state = random_state(2, 4, 5)
    plain = perceive(random_automaton(2, 1), state)
    scaled = perceive(random_automaton(2, 1, filter_scales=(2, 3, 5, 7)), state)
    factors = np.tile([2, 3, 5, 7], 2)[:, None, None]
    np.testing.assert_allclose(scaled, plain * factors, rtol=1e-5, atol=1e-5)


def test_the_grid_is_a_torus() -> None:
    automaton = random_automaton(4, 8)
    state = random_state(4, 5, 7)
    fires = random_state(1, 5, 7, 1)[0] > 0

    def roll(array: np.ndarray) -> np.ndarray:
        return np.roll(array, (2, 3), axis=(-2, -1))

    np.testing.assert_allclose(
        step(automaton, roll(state), roll(fires)), roll(step(automaton, state, fires)), atol=1e-6
    )


def test_cells_that_do_not_fire_keep_their_value() -> None:
    automaton = random_automaton(4, 8)
    state = random_state(4, 6, 6)
    fires = np.zeros((6, 6), bool)
    fires[2, 3] = True
    changed = (step(automaton, state, fires) != state).any(axis=0)
    np.testing.assert_array_equal(changed, fires)


def test_clamp_holds_cells_that_do_not_fire_too() -> None:
    automaton = random_automaton(4, 8, clamp=(-0.5, 0.25))
    state = random_state(4, 6, 6)
    new_state = step(automaton, state, np.zeros((6, 6), bool))
    np.testing.assert_array_equal(new_state, np.clip(state, -0.5, 0.25))


def test_run_continues_where_it_stopped() -> None:
    automaton = random_automaton(4, 8)
    state = random_state(4, 6, 5)
    halfway = run(automaton, state, 3, random_seed=5)
    np.testing.assert_array_equal(
        run(automaton, halfway, 4, random_seed=5, first_step=3), run(automaton, state, 7, 5)
    )


def test_wrong_shapes_are_told() -> None:
    automaton = replace(random_automaton(4, 8), name="moss")
    fires = np.ones((5, 6), bool)
    with pytest.raises(LichenError, match="moss needs"):
        step(automaton, random_state(3, 5, 6), fires)
    with pytest.raises(LichenError, match="mask"):
        step(automaton, random_state(4, 6, 5), fires)
