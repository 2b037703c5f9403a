"""Runs without a window: what is erased when, and what is written."""

from dataclasses import replace
from pathlib import Path

import av
import moderngl
import numpy as np
import pytest
from PIL import Image

from exporters.errors import LichenError
from exporters.seed import Seed
from support import random_automaton
from viewer.headless import Erasure, HeadlessRun, run_headless
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation

AUTOMATON = replace(random_automaton(4, 8), seed=Seed("uniform", -0.5, 0.5), erase_value=-1.0)


@pytest.fixture
def simulation(context: moderngl.Context) -> Simulation:
    return Simulation(context, AUTOMATON, 32, 24, random_seed=3)


def ignore(frame: int) -> None:
    """Nobody watches."""


def test_frames_times_steps(simulation: Simulation) -> None:
    seen: list[int] = []
    run_headless(simulation, HeadlessRun(frames=5, steps_per_frame=3), seen.append)
    assert simulation.step_count == 15
    assert seen == [1, 2, 3, 4, 5]


def test_the_erasure_comes_before_its_frames_steps(simulation: Simulation) -> None:
    run = HeadlessRun(frames=4, steps_per_frame=2, erasures=[Erasure(10, 6.5, 4, frame=3)])
    run_headless(simulation, run, ignore)
    actual = simulation.read_state()
    simulation.restart()
    simulation.step(6)
    simulation.paint(Stroke((10, 6.5), (10, 6.5), 4), Erase())
    simulation.step(2)
    np.testing.assert_array_equal(actual, simulation.read_state())


def test_the_screenshot_is_the_grid_after_the_last_frame(
    simulation: Simulation, tmp_path: Path
) -> None:
    path = tmp_path / "grid.png"
    run_headless(simulation, HeadlessRun(frames=3, screenshot=path), ignore)
    with Image.open(path) as image:
        assert image.format == "PNG" and image.size == (32, 24)
        np.testing.assert_array_equal(np.asarray(image), simulation.read_picture())


def test_the_video_holds_every_frame(simulation: Simulation, tmp_path: Path) -> None:
    path = tmp_path / "life.mp4"
    run = HeadlessRun(frames=6, erasures=[Erasure(8, 12, 6, frame=5)], video=path)
    run_headless(simulation, run, ignore)
    with av.open(path) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 6
    # The magnification is 16; the erased disc is black in the last frame only.
    in_the_hole = [frame[12 * 16, 8 * 16].max() for frame in frames]
    assert in_the_hole[-1] < 40 < min(in_the_hole[:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,2,3@4", Erasure(1, 2, 3, 4)), ("-1.5,20.25,0.5@0", Erasure(-1.5, 20.25, 0.5, 0))],
)
def test_erasures_are_read(text: str, expected: Erasure) -> None:
    assert Erasure.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2@3", "1,2,0@3", "1,2,-3@4", "a,b,c@d", "1,2,3@-1"]
)
def test_what_is_no_erasure_is_told(text: str) -> None:
    with pytest.raises(LichenError, match="is no erasure"):
        Erasure.parse(text)


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (HeadlessRun(frames=0), "at least one frame"),
        (HeadlessRun(frames=1, steps_per_frame=0), "one step a frame"),
        (HeadlessRun(frames=10, erasures=[Erasure(1, 1, 1, 10)]), "no frame 10 .* 0 to 9"),
        (HeadlessRun(frames=1, screenshot=Path("grid.jpg")), "ends in .png"),
        (HeadlessRun(frames=1, video=Path("life.avi")), "ends in .mp4"),
        (HeadlessRun(frames=1, video=Path("gone/life.mp4")), "does not exist"),
        (HeadlessRun(frames=1, screenshot=Path("gone/grid.png")), "does not exist"),
    ],
)
def test_mistakes_are_told_before_the_first_step(
    simulation: Simulation,
    run: HeadlessRun,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LichenError, match=sentence):
        run_headless(simulation, run, ignore)
    assert simulation.step_count == 0
    assert not list(tmp_path.iterdir())
