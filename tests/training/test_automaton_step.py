"""The torch twin against the numpy reference, and its hand-written gradient."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from exporters.automaton import Automaton
from exporters.reference import step
from exporters.update_mask import update_mask
from support import random_automaton, random_state
from training.automaton_step import TrainableAutomaton, new_automaton

STEPS = 8


def torch_steps(automaton: Automaton, state: np.ndarray, steps: int) -> np.ndarray:
    """Run the twin with the reference's own masks on a state [channels, h, w]."""
    twin = TrainableAutomaton(automaton)
    _, height, width = state.shape
    current = torch.from_numpy(state).permute(1, 2, 0)[None]
    for index in range(steps):
        fires = update_mask(width, height, index, 7, automaton.update_rate)
        current = twin(current, torch.from_numpy(fires)[None])
    return current[0].permute(2, 0, 1).detach().numpy()


@pytest.mark.parametrize("update_rate", [0.5, 1.0])
@pytest.mark.parametrize(("channels", "hidden"), [(4, 8), (12, 96), (16, 128), (3, 5), (5, 1)])
@pytest.mark.parametrize(("width", "height"), [(2, 3), (37, 53), (64, 64)])
def test_twin_equals_reference(
    channels: int, hidden: int, width: int, height: int, update_rate: float
) -> None:
    automaton = random_automaton(channels, hidden, update_rate=update_rate)
    state = random_state(channels, height, width)
    expected = state
    for index in range(STEPS):
        fires = update_mask(width, height, index, 7, update_rate)
        expected = step(automaton, expected, fires)
        if index in (0, STEPS - 1):
            error = np.abs(torch_steps(automaton, state, index + 1) - expected)
            relative = (error / np.maximum(1, np.abs(expected))).max()
            assert relative <= (1e-5 if index == 0 else 1e-4)


def test_round_trip_keeps_weights() -> None:
    automaton = replace(random_automaton(4, 8), name="kept")
    back = TrainableAutomaton(automaton).to_automaton()
    assert back.name == "kept"
    np.testing.assert_array_equal(back.hidden_weight, automaton.hidden_weight)
    np.testing.assert_array_equal(back.update_weight, automaton.update_weight)


def test_new_automaton_changes_nothing_at_first() -> None:
    automaton = new_automaton(4, 8, torch.Generator().manual_seed(0))
    state = random_state(4, 6, 5)
    assert automaton.parameter_count == 168
    np.testing.assert_array_equal(step(automaton, state, np.ones((6, 5), bool)), state)


def test_new_automaton_can_wake_from_zeros() -> None:
    automaton = new_automaton(4, 8, torch.Generator().manual_seed(0))
    twin = TrainableAutomaton(automaton)
    grown = twin(torch.zeros(1, 4, 4, 4), torch.ones(1, 4, 4, dtype=torch.bool))
    grown.sum().backward()
    assert twin.update_weight.grad is not None
    assert twin.update_weight.grad.abs().max() > 0
