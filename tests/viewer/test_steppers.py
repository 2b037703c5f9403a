"""Live weights on the graphics card's textures: whoever paints, the steps go on from it."""

import moderngl
import numpy as np
import pytest

from exporters.reference import run
from support import random_automaton, random_state, relative_error
from viewer.painting import Colour, Stroke
from viewer.simulation import Simulation

AUTOMATON, OTHER = (random_automaton(6, 12, weight_seed=seed) for seed in (0, 1))
SHAPE = (6, 10, 14)


@pytest.fixture
def live(context: moderngl.Context) -> Simulation:
    return Simulation(context, AUTOMATON, SHAPE[2], SHAPE[1], random_seed=9, live=True)


def test_it_steps_like_the_reference_and_counts(live: Simulation) -> None:
    state = random_state(*SHAPE)
    live.write_state(state)
    live.step(5)
    live.step(3)
    assert live.is_live and live.step_count == 8
    assert relative_error(live.read_state(), run(AUTOMATON, state, 8, 9)) < 1e-5


def test_it_goes_on_from_what_was_painted(live: Simulation) -> None:
    live.write_state(random_state(*SHAPE))
    live.step(2)
    live.paint(Stroke((3.0, 3.0), (6.0, 5.0), 2.5), Colour(1.0, 0.0, 0.5))
    painted = live.read_state()
    live.step()
    assert relative_error(live.read_state(), run(AUTOMATON, painted, 1, 9, 2)) < 1e-5


@pytest.mark.parametrize("is_live", [True, False])
def test_other_weights_go_on_from_the_same_state(live: Simulation, is_live: bool) -> None:
    live.write_state(random_state(*SHAPE))
    live.step(2)
    before = live.read_state()
    live.use(OTHER, live=is_live)
    assert live.is_live == is_live
    np.testing.assert_array_equal(live.read_state(), before)
    live.step()
    assert relative_error(live.read_state(), run(OTHER, before, 1, 9, 2)) < 1e-5
