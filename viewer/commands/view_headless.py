"""`lichen view` without a window: on purpose, or for want of a display."""

import argparse
import time
from pathlib import Path

from exporters.console import named_bar
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from viewer.context import create_headless_context
from viewer.headless import Erasure, HeadlessRun, run_headless
from viewer.settings import Settings
from viewer.simulation import Simulation

USUAL_FRAMES = 600
FIRST_LIGHT_GRID = (160, 160)
FIRST_LIGHT_FRAMES = 300
FIRST_LIGHT_STEPS_PER_FRAME = 2
FIRST_LIGHT_FOLDER = Path("out")


def run_headless_view(arguments: argparse.Namespace, entry: GalleryEntry | None) -> int:
    """Do what the options of `--headless` ask for. Raises LichenError for what does not fit."""
    run = HeadlessRun(
        frames=arguments.frames or USUAL_FRAMES,
        steps_per_frame=arguments.steps_per_frame or 1,
        erasures=[Erasure.parse(text) for text in arguments.erase or ()],
        screenshot=arguments.screenshot,
        video=arguments.video,
    )
    _run(entry, arguments.grid or Settings().grid, arguments.seed, run)
    return 0


def show_first_light(arguments: argparse.Namespace, entry: GalleryEntry | None) -> int:
    """Grow the automaton, erase a hole and let it heal, as a video and a picture."""
    width, height = grid = arguments.grid or FIRST_LIGHT_GRID
    hole = Erasure(width / 2, height / 2, min(grid) / 4, FIRST_LIGHT_FRAMES // 2)
    try:
        FIRST_LIGHT_FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot create {FIRST_LIGHT_FOLDER}: {error.strerror}.") from error
    run = HeadlessRun(
        frames=FIRST_LIGHT_FRAMES,
        steps_per_frame=FIRST_LIGHT_STEPS_PER_FRAME,
        erasures=[hole],
        screenshot=FIRST_LIGHT_FOLDER / "first-light.png",
        video=FIRST_LIGHT_FOLDER / "first-light.mp4",
    )
    _run(entry, grid, arguments.seed, run)
    return 0


def _run(
    entry: GalleryEntry | None, grid: tuple[int, int], random_seed: int, run: HeadlessRun
) -> None:
    if entry is None:
        raise LichenError("there is no automaton to run; name a .safetensors file.")
    run.check()
    simulation = Simulation(create_headless_context(), entry.automaton, *grid, random_seed)
    begin = time.perf_counter()
    with named_bar() as progress:
        task = progress.add_task(entry.name, total=run.frames)
        run_headless(simulation, run, lambda frames: progress.update(task, completed=frames))
    seconds = time.perf_counter() - begin
    width, height = grid
    print(f"{entry.name}, {width}x{height}: {simulation.step_count} steps in {seconds:.1f} s")
    for path in filter(None, (run.video, run.screenshot)):
        print(f"wrote {path}")
