"""What reaches the screen, pixel by pixel."""

from dataclasses import replace

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from exporters.automaton import Automaton
from support import random_automaton, random_state
from viewer.camera import Camera
from viewer.screen import BACKGROUND, PictureScreen, Screen
from viewer.simulation import Simulation

TARGET = (60, 40)
GRID = (12, 8)
BACKGROUND_LEVELS = np.round(np.array(BACKGROUND) * 255)


class Bench:
    """A screen on a framebuffer of its own."""

    def __init__(self, context: moderngl.Context, automaton: Automaton) -> None:
        self.simulation = Simulation(context, automaton, *GRID)
        self.simulation.write_state(random_state(automaton.channels, GRID[1], GRID[0]))
        self.target = context.framebuffer([context.texture(TARGET, 4)])
        self.screen = Screen(context, self.target)

    def draw(
        self,
        camera: Camera,
        smooth: bool = False,
        tiled: bool = False,
        view: tuple[int, int] = TARGET,
    ) -> NDArray[np.uint8]:
        """The framebuffer after drawing, [height, width, 3], row 0 at the top."""
        self.screen.draw(self.simulation, camera, view, smooth, tiled)
        data = self.target.read(viewport=(0, 0, *TARGET), components=3)
        return np.frombuffer(data, np.uint8).reshape(TARGET[1], TARGET[0], 3)[::-1]


@pytest.fixture
def bench(context: moderngl.Context) -> Bench:
    return Bench(context, random_automaton(4, 2))


def magnify(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


@pytest.mark.parametrize("display", ["rgb+0.5", "premultiplied rgba over white", "grey"])
def test_crisp_cells_are_the_reference_picture(context: moderngl.Context, display: str) -> None:
    bench = Bench(context, replace(random_automaton(4, 2), display=display))  # type: ignore[arg-type]
    shown = bench.draw(Camera.fit(GRID, TARGET)).astype(int)
    expected = magnify(bench.simulation.read_picture(), 5).astype(int)
    assert np.abs(shown - expected).max() <= 1


def test_the_background_surrounds_the_grid(bench: Bench) -> None:
    shown = bench.draw(Camera(6, 4, 3.0)).astype(int)
    expected = np.tile(BACKGROUND_LEVELS, (TARGET[1], TARGET[0], 1))
    expected[8:32, 12:48] = magnify(bench.simulation.read_picture(), 3)
    assert np.abs(shown - expected).max() <= 1


def test_a_moved_view_shows_another_part(bench: Bench) -> None:
    shown = bench.draw(Camera(2, 7, 5.0)).astype(int)
    picture = magnify(bench.simulation.read_picture(), 5)
    expected = np.tile(BACKGROUND_LEVELS, (TARGET[1], TARGET[0], 1))
    expected[:25, 20:] = picture[15:, :40]
    assert np.abs(shown - expected).max() <= 1


def test_tiles_repeat_the_torus(bench: Bench) -> None:
    shown = bench.draw(Camera(2, 7, 5.0), tiled=True).astype(int)
    picture = magnify(bench.simulation.read_picture(), 5)
    expected = np.roll(picture, (-15, 20), axis=(0, 1))
    assert np.abs(shown - expected).max() <= 1


def test_smooth_blends_between_the_centres_of_cells(bench: Bench) -> None:
    shown = bench.draw(Camera.fit(GRID, TARGET), smooth=True).astype(int)
    picture = bench.simulation.read_picture().astype(int)
    assert np.abs(shown[2::5, 2::5] - picture).max() <= 2
    two_fifths_on = shown[2::5, 4::5][:, :-1]
    expected = 0.6 * picture[:, :-1] + 0.4 * picture[:, 1:]
    assert np.abs(two_fifths_on - expected).max() <= 3


def test_many_cells_in_a_pixel_show_their_mean(bench: Bench) -> None:
    shown = bench.draw(Camera(6, 4, 0.5)).astype(int)
    picture = bench.simulation.read_picture().astype(int)
    means = picture.reshape(4, 2, 6, 2, 3).mean(axis=(1, 3))
    assert np.abs(shown[18:22, 27:33] - means).max() <= 2


def test_nothing_beyond_the_view_is_touched(bench: Bench) -> None:
    untouched = [51, 102, 153]
    bench.target.clear(0.2, 0.4, 0.6)
    for tiled in (False, True):
        shown = bench.draw(Camera(6, 4, 2.0), tiled=tiled, view=(40, 30))
        assert (shown[:10] == untouched).all() and (shown[:, 40:] == untouched).all()
        assert not (shown[10:, :40] == untouched).all(axis=-1).any()


def test_the_next_simulation_may_have_another_grid(context: moderngl.Context, bench: Bench) -> None:
    bench.draw(Camera.fit(GRID, TARGET))
    bench.simulation = Simulation(context, random_automaton(3, 1), 6, 4)
    bench.simulation.scatter(1)
    shown = bench.draw(Camera.fit((6, 4), TARGET)).astype(int)
    assert np.abs(shown - magnify(bench.simulation.read_picture(), 10)).max() <= 1


def test_the_whole_framebuffer_can_be_drawn_on_afterwards(bench: Bench) -> None:
    bench.draw(Camera(6, 4, 1.0), view=(20, 20))
    bench.target.clear(0.0, 1.0, 0.0)
    data = np.frombuffer(bench.target.read(viewport=(0, 0, *TARGET), components=3), np.uint8)
    assert (data.reshape(-1, 3) == [0, 255, 0]).all()


def test_a_picture_is_uploaded_once_and_seen_as_a_whole(context: moderngl.Context) -> None:
    target = context.framebuffer([context.texture(TARGET, 4)])
    screen = PictureScreen(context, target)
    left_red = np.zeros((20, 20, 3), np.uint8)
    left_red[:, :10, 0] = 255
    camera = Camera.fill((20, 20), TARGET)
    assert screen.draw(left_red, camera, TARGET) and not screen.draw(left_red, camera, TARGET)
    shown = np.frombuffer(target.read(components=3), np.uint8).reshape(40, 60, 3)[::-1]
    np.testing.assert_array_equal(shown[:, 12:28], [[[255, 0, 0]] * 16] * 40)
    np.testing.assert_array_equal(shown[:, 32:48], 0)
    assert np.abs(shown[:, :10] - BACKGROUND_LEVELS).max() <= 1
    # Another one, of another size, from so far that it is averaged.
    fine = np.zeros((80, 80, 3), np.uint8)
    fine[::2] = 255
    assert screen.draw(fine, Camera.fill((80, 80), TARGET), TARGET)
    grey = np.frombuffer(target.read(components=3), np.uint8).reshape(40, 60, 3)[20, 30]
    assert np.abs(grey.astype(int) - 127).max() <= 2


def test_what_is_covered_from_below_leaves_the_picture_above() -> None:
    camera = Camera.fill((20, 20), TARGET, covered_pixels=10)
    assert camera.cells_to_screen(0, 0, TARGET) == (15, 0)
    assert camera.cells_to_screen(20, 20, TARGET) == (45, 30)
