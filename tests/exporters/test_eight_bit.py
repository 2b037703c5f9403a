"""The step on bytes, in numpy: what rounding by chance keeps, and who needs more."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.automaton import Automaton
from exporters.eight_bit import UNIT, EightBitStepper, by_chance, nearest, needs_float, run
from exporters.gallery import find_entry
from exporters.seed import Seed, seed_state
from support import patchy_state, random_automaton, random_state


def test_a_value_is_rounded_to_the_nearest_byte() -> None:
    values = np.array([0, 0.4 * UNIT, 0.6 * UNIT, -UNIT, 9, -9], np.float32)
    expected = UNIT * np.array([0, 0, 1, -1, 128, -127])
    np.testing.assert_allclose(nearest(values), expected, rtol=1e-6)


def test_what_is_a_byte_already_stays_whatever_chance_says() -> None:
    state = nearest(random_state(6, 30, 40))
    for step_index in range(20):
        np.testing.assert_array_equal(by_chance(state, step_index, 3), state)


def test_chance_keeps_the_mean_and_no_channel_follows_another() -> None:
    state = np.full((6, 64, 64), 0.3 * UNIT, np.float32)
    ups = by_chance(state, 5, 1) > 0
    np.testing.assert_allclose(ups.mean(axis=(1, 2)), 0.3, atol=0.03)
    correlations = np.corrcoef(ups.reshape(6, -1)) - np.eye(6)
    assert np.abs(correlations).max() < 0.06


@pytest.mark.parametrize("alive_masking", [False, True])
def test_the_fast_stepper_equals_the_step(alive_masking: bool) -> None:
    automaton = random_automaton(9, 8, alive_masking=alive_masking)
    state = patchy_state(9, 14, 20)
    stepper = EightBitStepper(automaton)
    np.testing.assert_array_equal(
        stepper(stepper(state, 3), 5), run(automaton, state, 8, random_seed=0)
    )


def test_a_sound_automaton_of_usual_values_does_without_floats() -> None:
    assert not needs_float(find_entry("ember").automaton)


def test_one_whose_values_leave_the_range_needs_floats() -> None:
    assert needs_float(_stretched(find_entry("coral_small").automaton, 8))


def test_stretching_changes_nothing_in_floats() -> None:
    """What the test above rests on."""
    from exporters import reference

    coral = replace(find_entry("coral_small").automaton, clamp=None)
    state = seed_state(Seed("uniform", -0.2, 0.2), coral.channels, 9, 9)
    stretched = reference.run(_stretched(coral, 8), state * 8, 8)
    np.testing.assert_allclose(stretched, 8 * reference.run(coral, state, 8), atol=1e-5)


def _stretched(automaton: Automaton, factor: float) -> Automaton:
    """The same automaton with every value so many times as large, which only floats can hold."""
    return replace(
        automaton,
        hidden_weight=automaton.hidden_weight / np.float32(factor),
        update_weight=automaton.update_weight * np.float32(factor),
        update_bias=automaton.update_bias * np.float32(factor),
        clamp=None,
    )
