"""Alive masking by hand: who lives, who dies, who is wiped out."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.alive import alive_cells
from exporters.errors import LichenError
from exporters.reference import step
from support import random_automaton

EVERY_CELL = np.ones((5, 5), bool)


def fading_automaton(update_bias: float):
    """Alpha changes by the same amount in every cell, whatever it perceives."""
    automaton = random_automaton(5, 1)
    return replace(
        automaton,
        update_weight=np.zeros((5, 1), np.float32),
        update_bias=np.array([0, 0, 0, update_bias, 0], np.float32),
        alive_masking=True,
    )


def lone_cell(alpha: float) -> np.ndarray:
    state = np.zeros((5, 5, 5), np.float32)
    state[3, 0, 0] = alpha
    state[4] = 0.5
    return state


def test_neighbours_of_an_opaque_cell_are_alive_across_the_edge() -> None:
    alive = alive_cells(lone_cell(0.2))
    near = [4, 0, 1]
    assert alive[np.ix_(near, near)].all()
    assert alive.sum() == 9
    assert not alive_cells(lone_cell(0.1)).any()


def test_what_is_far_from_life_is_wiped_out() -> None:
    new_state = step(fading_automaton(0.0), lone_cell(0.2), EVERY_CELL)
    np.testing.assert_array_equal(new_state[4], 0.5 * alive_cells(lone_cell(0.2)))


def test_a_cell_dies_with_the_last_alpha_around_it() -> None:
    assert not step(fading_automaton(-0.15), lone_cell(0.2), EVERY_CELL).any()


def test_nothing_comes_alive_further_off_in_one_step() -> None:
    new_state = step(fading_automaton(0.5), lone_cell(0.2), EVERY_CELL)
    np.testing.assert_array_equal(new_state[3] > 0, alive_cells(lone_cell(0.2)))


def test_alpha_gained_beyond_the_living_keeps_their_edge_alive() -> None:
    """The cell between them has lost its own alpha, and its neighbour has gained some."""
    automaton = fading_automaton(0.0)
    hidden_weight = np.zeros((1, 20), np.float32)
    hidden_weight[0, 4 * 4] = 1  # identity of channel 4
    update_weight = np.zeros((5, 1), np.float32)
    update_weight[3] = 1
    automaton = replace(
        automaton,
        hidden_weight=hidden_weight,
        hidden_bias=np.zeros(1, np.float32),
        update_weight=update_weight,
        update_bias=np.array([0, 0, 0, -0.3, 0], np.float32),
    )
    state = np.zeros((5, 7, 7), np.float32)
    state[3, 3, 1] = 0.2  # alive by itself: its neighbours up to column 2 are alive
    state[4, 3, 3] = 0.5  # not alive, but about to gain alpha
    state[4, 3, 2] = 0.25
    new_state = step(automaton, state, np.ones((7, 7), bool))
    assert new_state[4, 3, 2] == 0.25
    assert new_state[4, 3, 3] == 0


@pytest.mark.parametrize("clamp", [(0.05, 2.0), (-2.0, 0.1), (0.2, 1.0)])
def test_a_clamp_must_let_cells_live_and_die(clamp: tuple[float, float]) -> None:
    with pytest.raises(LichenError, match="for alive masking"):
        replace(random_automaton(4, 8), clamp=clamp, alive_masking=True)


def test_alpha_is_needed() -> None:
    with pytest.raises(LichenError, match="needs 4 channels"):
        replace(random_automaton(3, 8), alive_masking=True)


def test_the_worked_step_of_the_documentation() -> None:
    automaton = replace(
        random_automaton(4, 1),
        update_weight=np.zeros((4, 1), np.float32),
        update_bias=np.array([0.05, 0, 0, -0.05], np.float32),
        alive_masking=True,
    )
    state = np.zeros((4, 6, 6), np.float32)
    state[3, 2, 1] = 0.2
    everywhere = np.ones((6, 6), bool)
    state = step(automaton, state, everywhere)
    near = np.zeros((6, 6), bool)
    near[1:4, 0:3] = True
    np.testing.assert_allclose(state[0], 0.05 * near, atol=1e-7)
    alpha = -0.05 * near
    alpha[2, 1] = 0.15
    np.testing.assert_allclose(state[3], alpha, atol=1e-7)
    assert not state[1:3].any()
    for _ in range(2):
        state = step(automaton, state, everywhere)
    assert not state.any()
