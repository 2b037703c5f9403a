"""How the window and a training get along: frames, preview steps and iterations a second.

    python -m viewer.training_benchmark EXEMPLAR [--seconds N]

prints the figures of its own window as JSON. The worker is a real one, first beside the window,
which shows the live preview while snapshots arrive, then alone.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from exporters.errors import LichenError
from training.budget import Budget
from training.order import TrainingOrder
from training.protocol import Advanced
from viewer.settings import Settings
from viewer.training_client import TrainingClient
from viewer.window_benchmark import figures_of_child, for_seconds, run_frames, serve_as_child

if TYPE_CHECKING:
    from viewer.app import App

USUAL_SECONDS = 30.0
SETTLING_IN_SECONDS = 5.0
PATIENCE_SECONDS = 300.0
ENDLESS = Budget(minutes=24 * 60)


@dataclass(frozen=True)
class TrainingFigures:
    """One run of the window and its worker, and of a worker alone."""

    frame_milliseconds_median: float
    frame_milliseconds_99th_percentile: float
    frame_milliseconds_worst: float
    frames_per_second: float
    preview_steps_per_second: float
    snapshots: int
    iterations_per_second: float
    iterations_per_second_alone: float


def measure_training(exemplar: Path, seconds: float = USUAL_SECONDS) -> TrainingFigures:
    """Open the window on the current display and train in it.

    Raises:
        LichenError: there is no display, or the window or its worker failed.
    """
    figures = figures_of_child("viewer.training_benchmark", exemplar, seconds, "training")
    return TrainingFigures(**figures)


def training_table(figures: TrainingFigures) -> Table:
    """The figures for a terminal."""
    table = Table("while training", "", title=f"{figures.snapshots} snapshots arrived")
    rows = {
        "frame, median": f"{figures.frame_milliseconds_median:.1f} ms",
        "frame, 99th percentile": f"{figures.frame_milliseconds_99th_percentile:.1f} ms",
        "frame, worst": f"{figures.frame_milliseconds_worst:.1f} ms",
        "frames": f"{figures.frames_per_second:.1f} a second",
        "steps of the preview": f"{figures.preview_steps_per_second:.1f} a second",
        "iterations": f"{figures.iterations_per_second:.2f} a second",
        "iterations without the window": f"{figures.iterations_per_second_alone:.2f} a second",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def be_the_window(exemplar: Path, seconds: float) -> TrainingFigures:
    """The child's side. Raises LichenError where there is no display or no training."""
    import numpy as np

    from viewer.app import App
    from viewer.training_actions import CloseWindow, PrepareTraining, StartTraining
    from viewer.window import Window

    settings = Settings()
    with Window(settings.window_width, settings.window_height) as window:
        app = App(window, settings, random_seed=1)
        for action in (PrepareTraining(exemplar), StartTraining()):
            app.controller.apply(action)
        give_up = for_seconds(PATIENCE_SECONDS)
        run_frames(app, lambda: app.controller.stage.shows_preview or _has_failed(app, give_up))
        run_frames(app, for_seconds(SETTLING_IN_SECONDS))
        before = _Count.of(app)
        frames = run_frames(app, for_seconds(seconds))
        after = _Count.of(app)
        app.controller.apply(CloseWindow("discard"))
        app.controller.release()
    median, late, worst = np.percentile(np.array(frames) * 1000, (50, 99, 100))
    return TrainingFigures(
        frame_milliseconds_median=float(median),
        frame_milliseconds_99th_percentile=float(late),
        frame_milliseconds_worst=float(worst),
        frames_per_second=len(frames) / sum(frames),
        preview_steps_per_second=(after.steps - before.steps) / sum(frames),
        snapshots=after.snapshots - before.snapshots,
        iterations_per_second=rate(before.progress, after.progress),
        iterations_per_second_alone=measure_alone(exemplar, seconds),
    )


def measure_alone(exemplar: Path, seconds: float) -> float:
    """Iterations a second of a worker without a window. Raises LichenError where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        order = TrainingOrder(exemplar, Path(folder) / "alone.safetensors", budget=ENDLESS)
        client = TrainingClient(order)
        give_up = for_seconds(PATIENCE_SECONDS)
        _wait(client, lambda: client.snapshot is not None or give_up())
        _wait(client, for_seconds(SETTLING_IN_SECONDS))
        before = client.progress
        _wait(client, for_seconds(seconds))
        client.kill()
        client.wait(PATIENCE_SECONDS)
    return rate(before, client.progress)


@dataclass(frozen=True)
class _Count:
    """What the window has counted so far."""

    steps: int
    snapshots: int
    progress: Advanced | None

    @staticmethod
    def of(app: "App") -> "_Count":
        simulation, session = app.controller.stage.simulation, app.controller.training.session
        if simulation is None or session is None:
            raise LichenError("the training did not begin.")
        return _Count(simulation.step_count, len(session.milestones), session.progress)


def rate(before: Advanced | None, after: Advanced | None) -> float:
    """Iterations a second from one message to another, by the worker's own clock."""
    if before is None or after is None or after.elapsed_seconds <= before.elapsed_seconds:
        return 0.0
    seconds = after.elapsed_seconds - before.elapsed_seconds
    return (after.iteration - before.iteration) / seconds


def _has_failed(app: "App", give_up: Callable[[], bool]) -> bool:
    session = app.controller.training.session
    if give_up() or (session is not None and session.has_failed):
        raise LichenError(session.status if session else "the training did not begin.")
    return False


def _wait(client: TrainingClient, is_over: Callable[[], bool]) -> None:
    while not is_over():
        client.poll()
        if client.ending is not None:
            raise LichenError(f"the worker ended: {client.ending}")
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(serve_as_child(be_the_window, USUAL_SECONDS))
