"""Strokes on the torus: which cells they change, and what into."""

from dataclasses import replace

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from support import random_automaton, random_state
from viewer.painting import Colour, Erase, Fill, Stamp, Stroke
from viewer.simulation import Simulation

WIDTH, HEIGHT, CHANNELS = 23, 17, 6


@pytest.fixture
def simulation(context: moderngl.Context) -> Simulation:
    automaton = replace(random_automaton(CHANNELS, 2), erase_value=-0.75)
    simulation = Simulation(context, automaton, WIDTH, HEIGHT)
    simulation.write_state(random_state(CHANNELS, HEIGHT, WIDTH))
    return simulation


def covered(stroke: Stroke) -> NDArray[np.bool_]:
    """The cells of a stroke, by looking at every copy of every cell centre."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    start, along = np.array(stroke.start), np.subtract(stroke.end, stroke.start)
    result = np.zeros((HEIGHT, WIDTH), bool)
    for tile_y in range(-4, 5):
        for tile_x in range(-4, 5):
            centres = np.stack([columns + tile_x * WIDTH, rows + tile_y * HEIGHT], axis=-1)
            share = (centres - start) @ along / max(along @ along, 1e-9)
            nearest = start + np.clip(share, 0, 1)[..., None] * along
            distance = np.linalg.norm(centres - nearest, axis=-1)
            result |= distance <= stroke.radius_cells
    return result


STROKES = {
    "a point in the middle": Stroke((9.3, 8.1), (9.3, 8.1), 3.2),
    "a single cell": Stroke((4.5, 6.5), (4.5, 6.5), 0.4),
    "a line": Stroke((3.0, 2.0), (14.2, 9.1), 2.1),
    "over the right edge": Stroke((20.0, 5.0), (26.0, 7.0), 2.1),
    "over the top left corner": Stroke((0.2, 0.1), (0.2, 0.1), 4.3),
    "from beyond the bottom": Stroke((5.0, 30.0), (9.0, 36.1), 2.2),
    "from far to the left": Stroke((-40.3, 3.3), (-30.1, 3.3), 1.7),
    "several times around": Stroke((-20.2, -13.1), (50.1, 40.3), 0.8),
    "larger than the grid": Stroke((5.0, 5.0), (6.0, 5.0), 1e9),
    "without width": Stroke((2.0, 2.0), (9.0, 9.0), 0.0),
}


@pytest.mark.parametrize("stroke", STROKES.values(), ids=STROKES.keys())
def test_a_stroke_changes_exactly_its_cells(simulation: Simulation, stroke: Stroke) -> None:
    before = simulation.read_state()
    simulation.paint(stroke, Erase())
    changed = (simulation.read_state() != before).all(axis=0)
    np.testing.assert_array_equal(changed, covered(stroke))
    untouched = ~changed
    np.testing.assert_array_equal(simulation.read_state()[:, untouched], before[:, untouched])


STROKE = STROKES["over the right edge"]
STAMP = Stamp(random_state(4, 5, 3, random_seed=8))
LARGE_STAMP = Stamp(random_state(9, 40, 40, random_seed=9))


def tiled(state: NDArray[np.float32]) -> NDArray[np.float32]:
    """A state repeated over the grid, with the grid's channels."""
    rows, columns = np.arange(HEIGHT) % state.shape[1], np.arange(WIDTH) % state.shape[2]
    result = np.zeros((CHANNELS, HEIGHT, WIDTH), np.float32)
    used = min(CHANNELS, len(state))
    result[:used] = state[:used][:, rows][:, :, columns]
    return result


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        (Erase(), np.full((CHANNELS, HEIGHT, WIDTH), -0.75)),
        (Colour(1, 0.25, 0), tiled(np.array([0.5, -0.25, -0.5]).reshape(3, 1, 1))),
        (STAMP, tiled(STAMP.state)),
        (LARGE_STAMP, tiled(LARGE_STAMP.state)),
    ],
    ids=["erase", "colour", "stamp", "large stamp"],
)
def test_fills(simulation: Simulation, fill: Fill, expected: NDArray[np.float32]) -> None:
    simulation.paint(STROKE, fill)
    inside = covered(STROKE)
    np.testing.assert_array_equal(simulation.read_state()[:, inside], expected[:, inside])


def test_fills_follow_each_other(simulation: Simulation) -> None:
    inside = covered(STROKE)
    for fill, value in ((Erase(), -0.75), (Colour(0.5, 0.5, 0.5), 0), (Erase(), -0.75)):
        simulation.paint(STROKE, fill)
        assert (simulation.read_state()[:3, inside] == value).all()


def test_surplus_channels_of_the_texture_stay_zero(simulation: Simulation) -> None:
    for fill in (LARGE_STAMP, Erase()):
        simulation.paint(STROKE, fill)
        texels = np.frombuffer(simulation.textures[1].read(), np.float32).reshape(-1, 4)
        assert not texels[:, 2:].any()


def test_life_goes_on_after_painting(simulation: Simulation) -> None:
    simulation.step(3)
    simulation.paint(STROKE, Colour(1, 1, 1))
    painted = simulation.read_state()
    simulation.step()
    assert simulation.step_count == 4
    assert (simulation.read_state() != painted).any()
