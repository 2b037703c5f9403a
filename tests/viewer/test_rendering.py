"""Stills that tile and videos that loop, of an automaton that never stands still."""

from dataclasses import replace
from pathlib import Path

import av
import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from exporters.errors import LichenError
from exporters.gallery import find_entry
from exporters.patch_distance import patch_distance
from viewer.rendering import Rendering, loop, render
from viewer.simulation import Simulation

LOOP = Rendering(Path("coral.gif"), frames=60, steps_per_frame=2)
WARM_UP_STEPS = 400


def difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    return float(np.abs(first.astype(float) - second).mean())


def ignore(steps: int) -> None:
    """Nobody watches."""


@pytest.fixture
def simulation(context: moderngl.Context) -> Simulation:
    return Simulation(context, find_entry("coral_small").automaton, 64, 48, random_seed=3)


def test_a_loop_has_no_seam_and_looks_alike_throughout(simulation: Simulation) -> None:
    simulation.step(WARM_UP_STEPS)
    frames = list(loop(simulation, LOOP, ignore))
    assert len(frames) == 60
    changes = [difference(a, b) for a, b in zip(frames, [*frames[1:], frames[0]], strict=True)]
    usual = np.median(changes[:28])
    assert usual > 2, "it stands still: any video of it would loop"
    assert max(changes) < 1.5 * usual
    assert changes[-1] < 1.2 * usual
    assert difference(frames[0], frames[30]) > 5 * usual
    # On the way back it is neither blurred nor torn.
    contrast = [frame.std() for frame in frames]
    assert min(contrast[30:]) > 0.9 * np.mean(contrast[:30])
    usual_distance = max(patch_distance(frames[0], frames[index]) for index in (10, 20, 29))
    assert patch_distance(frames[0], frames[45]) < 2 * usual_distance


def test_a_loop_goes_on_as_the_automaton_does(simulation: Simulation) -> None:
    simulation.step(5)
    frames = list(loop(simulation, replace(LOOP, frames=8, steps_per_frame=3), ignore))
    simulation.restart()
    simulation.step(5 + 4 * 3)
    for frame in frames[:5]:
        np.testing.assert_array_equal(frame, simulation.read_picture())
        simulation.step(3)
    assert len(frames) == 8


@pytest.mark.parametrize("frames", [2, 3, 7])
def test_steps_are_counted_beforehand(frames: int, simulation: Simulation, tmp_path: Path) -> None:
    told: list[int] = []
    rendering = Rendering(tmp_path / "coral.gif", 25, frames, steps_per_frame=11)
    render(simulation, rendering, told.append)
    assert sum(told) == rendering.steps and max(told) <= 10
    with Image.open(rendering.path) as image:
        assert image.n_frames == frames and image.info["loop"] == 0


def test_a_still_tiles_and_is_the_grid_after_exactly_so_many_steps(
    simulation: Simulation, tmp_path: Path
) -> None:
    path = tmp_path / "coral.png"
    render(simulation, Rendering(path, WARM_UP_STEPS), ignore)
    simulation.restart()
    simulation.step(WARM_UP_STEPS)
    with Image.open(path) as image:
        still = np.asarray(image)
    np.testing.assert_array_equal(still, simulation.read_picture())
    values = still.astype(float)
    for axis in (0, 1):
        steps = np.abs(values - np.roll(values, 1, axis)).mean(axis=(1 - axis, 2))
        assert steps[0] < 1.5 * steps[1:].mean()


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif"])
def test_videos_have_the_size_and_rate_asked_for(
    suffix: str, simulation: Simulation, tmp_path: Path
) -> None:
    path = tmp_path / f"coral{suffix}"
    rendering = Rendering(path, 20, frames=5, frames_per_second=25, scale=3, smooth=True)
    render(simulation, rendering, ignore)
    with av.open(path) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (192, 144)
        assert float(stream.average_rate) == pytest.approx(25, rel=0.01)
        assert sum(1 for _ in container.decode(video=0)) == 5


def test_an_interruption_leaves_nothing_behind(simulation: Simulation, tmp_path: Path) -> None:
    def interrupt(steps: int) -> None:
        if simulation.step_count > 60:
            raise KeyboardInterrupt

    for suffix in (".mp4", ".gif", ".png"):
        simulation.restart()
        with pytest.raises(KeyboardInterrupt):
            render(simulation, Rendering(tmp_path / f"coral{suffix}", 70), interrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rendering", "sentence"),
    [
        (Rendering(Path("coral.avi")), "ends in .png, .mp4, .webm, .gif"),
        (Rendering(Path("coral.png"), scale=500), "too large"),
        (Rendering(Path("coral.mp4"), frames=1), "at least 2 frames"),
        (Rendering(Path("coral.gif"), frames_per_second=60), "50 frames a second"),
        (Rendering(Path("coral.mp4"), frames_per_second=1001), "1,000 frames a second"),
        (Rendering(Path("gone/coral.png")), "does not exist"),
    ],
)
def test_mistakes_are_told(
    rendering: Rendering,
    sentence: str,
    simulation: Simulation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LichenError, match=sentence):
        render(simulation, replace(rendering, warm_up_steps=1), ignore)
    assert list(tmp_path.iterdir()) == []


def test_odd_sides_are_refused_for_streams_alone(context: moderngl.Context, tmp_path: Path) -> None:
    simulation = Simulation(context, find_entry("coral_small").automaton, 17, 16)
    rendering = Rendering(tmp_path / "coral.webm", 1, frames=2, scale=1)
    with pytest.raises(LichenError, match="even sides, not 17x16"):
        render(simulation, rendering, ignore)
    render(simulation, replace(rendering, path=tmp_path / "coral.gif"), ignore)
    with Image.open(tmp_path / "coral.gif") as image:
        assert image.size == (17, 16)
