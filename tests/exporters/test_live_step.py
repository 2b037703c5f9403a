"""The live step is held to the reference, whatever an automaton asks for."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.live_step import LiveStep
from exporters.reference import run
from support import random_automaton, random_state, relative_error

WIDTH, HEIGHT, STEPS, RANDOM_SEED = 13, 9, 8, 42
AUTOMATA = {
    "one channel": random_automaton(1, 4),
    "a texture and a half": random_automaton(6, 16),
    "the usual size": random_automaton(12, 96),
    "every cell fires": random_automaton(4, 8, update_rate=1.0),
    "filter scales": random_automaton(4, 8, filter_scales=(0.5, -2.0, 0.125, 0.0625)),
    "a clamp without zero": random_automaton(5, 8, clamp=(0.25, 0.75)),
    "alive masking": replace(random_automaton(6, 16), alive_masking=True),
}


def advance(automaton: Automaton, state: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
    """Run the live step; gives every channel of its textures, [4 * textures, h, w]."""
    live = LiveStep(automaton, state.shape[2], state.shape[1])
    for texture, channels in zip(live.state, _split(state), strict=True):
        texture[..., : len(channels)] = channels.transpose(1, 2, 0)
    for index in range(steps):
        live.step(index, RANDOM_SEED)
    return live.state.transpose(0, 3, 1, 2).reshape(-1, *state.shape[1:])


def _split(state: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [state[first : first + 4] for first in range(0, len(state), 4)]


@pytest.mark.parametrize("automaton", AUTOMATA.values(), ids=AUTOMATA.keys())
def test_eight_steps_equal_the_reference(automaton: Automaton) -> None:
    state = random_state(automaton.channels, HEIGHT, WIDTH)
    expected = run(automaton, state, STEPS, RANDOM_SEED)
    channels = advance(automaton, state, STEPS)
    assert relative_error(channels[: automaton.channels], expected) < 1e-5
    assert not channels[automaton.channels :].any()
    assert np.abs(expected - state).max() > 0.01


def test_alive_masking_wipes_out_what_has_no_living_neighbour() -> None:
    automaton = AUTOMATA["alive masking"]
    state = np.zeros((automaton.channels, HEIGHT, WIDTH), np.float32)
    state[3:, 4, 6] = 1
    channels = advance(automaton, state, 2)
    assert channels[:, 4, 6].any()
    assert not channels[:, 0, 0].any()
