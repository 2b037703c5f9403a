"""Run a simulation without a window: erase, step, and write pictures of it."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.picture_file import save_picture
from exporters.video import AddPicture, check_video_suffix, open_video
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation

VIDEO_FRAMES_PER_SECOND = 30
NUMBER = r"(-?\d+(?:\.\d+)?)"
ERASURE = re.compile(rf"{NUMBER},{NUMBER},{NUMBER}@(\d+)")


@dataclass(frozen=True)
class Erasure:
    """Erase a disc before the steps of a frame; frames count from 0.

    Coordinates and radius are in cells, from the top left corner of the grid.
    """

    x_cells: float
    y_cells: float
    radius_cells: float
    frame: int

    @staticmethod
    def parse(text: str) -> "Erasure":
        """Read "X,Y,R@FRAME". Raises LichenError for anything else."""
        match = ERASURE.fullmatch(text)
        if match is None or float(match[3]) <= 0:
            raise LichenError(
                f"{text!r} is no erasure; write X,Y,R@FRAME in cells, such as 64,64,20@100."
            )
        return Erasure(float(match[1]), float(match[2]), float(match[3]), int(match[4]))


@dataclass(frozen=True)
class HeadlessRun:
    """What to run and what to write.

    The screenshot is the grid itself, one pixel a cell, after the last frame. The video holds
    every frame after its steps.
    """

    frames: int
    steps_per_frame: int = 1
    erasures: Sequence[Erasure] = ()
    screenshot: Path | None = None
    video: Path | None = None

    def check(self) -> None:
        """Find mistakes before any work is done. Raises LichenError."""
        if self.frames < 1 or self.steps_per_frame < 1:
            raise LichenError("a run needs at least one frame and one step a frame.")
        for erasure in self.erasures:
            if erasure.frame >= self.frames:
                raise LichenError(
                    f"there is no frame {erasure.frame} to erase at; "
                    f"this run has the frames 0 to {self.frames - 1}."
                )
        if self.screenshot is not None:
            check_writable(self.screenshot)
            if self.screenshot.suffix.lower() != ".png":
                raise LichenError(f"cannot write {self.screenshot}: a screenshot ends in .png.")
        if self.video is not None:
            check_writable(self.video)
            check_video_suffix(self.video)


def run_headless(simulation: Simulation, run: HeadlessRun, on_frame: Callable[[int], None]) -> None:
    """Run all frames; `on_frame` is told after each how many are done.

    Raises:
        LichenError: the run makes no sense, or a file cannot be written.
    """
    run.check()
    with ExitStack() as stack:
        add_picture: AddPicture | None = None
        if run.video is not None:
            size = (simulation.width, simulation.height)
            video = open_video(run.video, *size, VIDEO_FRAMES_PER_SECOND)
            add_picture = stack.enter_context(video)
        for frame in range(run.frames):
            _erase(simulation, [erasure for erasure in run.erasures if erasure.frame == frame])
            simulation.step(run.steps_per_frame)
            if add_picture is not None:
                add_picture(simulation.read_picture())
            on_frame(frame + 1)
    if run.screenshot is not None:
        save_picture(simulation.read_picture(), run.screenshot)


def _erase(simulation: Simulation, erasures: Sequence[Erasure]) -> None:
    for erasure in erasures:
        centre = (erasure.x_cells, erasure.y_cells)
        simulation.paint(Stroke(centre, centre, erasure.radius_cells), Erase())
