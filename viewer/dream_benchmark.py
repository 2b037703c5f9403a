"""How the window and a dream get along: frames of both, in turns with the automaton alone.

    python -m viewer.dream_benchmark AUTOMATON [--seconds N]

prints the figures of its own window as JSON. The dream is one of the patch dreamer, begun with the
grid, and its frames show in the view as they come.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from exporters.errors import LichenError
from viewer.dream_draft import DreamDraft
from viewer.journey_draft import JourneyDraft, Row
from viewer.opening import Opening
from viewer.settings import Settings
from viewer.window_benchmark import figures_of_child, for_seconds, run_frames, serve_as_child

if TYPE_CHECKING:
    from viewer.dream_desk import DreamDesk
    from viewer.dream_session import DreamSession

USUAL_SECONDS = 20.0
TURNS = 3
SETTLING_IN_SECONDS = 1.0
LONG_DREAM = DreamDraft(journey=JourneyDraft((Row("start", 2000),)))


@dataclass(frozen=True)
class DreamFigures:
    """One run: frames of the window while it dreams, and while the automaton runs alone.

    Pausing and stopping count from the click to the frame that shows it.
    """

    frame_milliseconds_median: float
    frame_milliseconds_99th_percentile: float
    frame_milliseconds_worst: float
    frames_per_second: float
    frame_milliseconds_99th_percentile_alone: float
    frames_per_second_alone: float
    dream_frames_per_second: float
    longest_pause_milliseconds: float
    stop_milliseconds: float


def measure_dream(automaton: Path, seconds: float = USUAL_SECONDS) -> DreamFigures:
    """Open the window on the current display and dream in it.

    Raises:
        LichenError: there is no display, or the window or its worker failed.
    """
    figures = figures_of_child("viewer.dream_benchmark", automaton, seconds, "dreaming")
    return DreamFigures(**figures)


def dream_table(figures: DreamFigures) -> Table:
    """The figures for a terminal."""
    table = Table("while dreaming", "")
    late = figures.frame_milliseconds_99th_percentile
    late_alone = figures.frame_milliseconds_99th_percentile_alone
    rows = {
        "frame, median": f"{figures.frame_milliseconds_median:.1f} ms",
        "frame, 99th percentile": f"{late:.1f} ms",
        "frame, worst": f"{figures.frame_milliseconds_worst:.1f} ms",
        "frames": f"{figures.frames_per_second:.1f} a second",
        "frame of the automaton alone, 99th percentile": f"{late_alone:.1f} ms",
        "frames of the automaton alone": f"{figures.frames_per_second_alone:.1f} a second",
        "frames of the dream": f"{figures.dream_frames_per_second:.2f} a second",
        "until it pauses, longest": f"{figures.longest_pause_milliseconds:.0f} ms",
        "until it stops": f"{figures.stop_milliseconds:.0f} ms",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def be_the_window(automaton: Path, seconds: float) -> DreamFigures:
    """The child's side. Raises LichenError where there is no display or no dream."""
    import numpy as np

    from viewer.app import App
    from viewer.dream_actions import (
        ChangeDream,
        ContinueDream,
        DeleteDream,
        PauseDream,
        ShowDream,
        StartDream,
        StopDream,
    )
    from viewer.training_actions import ShowTab
    from viewer.window import Window

    settings = Settings()
    dreaming, alone, made_count = list[float](), list[float](), 0
    pauses = list[float]()
    with Window(settings.window_width, settings.window_height) as window:
        app = App(window, settings, random_seed=1)
        ask, stage, dream = app.controller.apply, app.controller.stage, app.controller.dream
        stage.expect(Opening.prepare(automaton, settings.grid))
        run_frames(app, lambda: stage.simulation is not None)
        for action in (ShowTab("dream"), ChangeDream(LONG_DREAM), StartDream()):
            ask(action)
        run_frames(app, lambda: _session(dream).phase == "dreaming")
        for _ in range(TURNS):
            ask(ContinueDream())
            run_frames(app, lambda: _session(dream).phase == "dreaming")
            run_frames(app, for_seconds(SETTLING_IN_SECONDS))
            made_count -= _session(dream).made_count
            dreaming += run_frames(app, for_seconds(seconds / TURNS))
            made_count += _session(dream).made_count
            ask(PauseDream())
            pauses.append(sum(run_frames(app, lambda: _session(dream).phase == "paused")))
            ask(ShowDream(False))
            run_frames(app, for_seconds(SETTLING_IN_SECONDS))
            alone += run_frames(app, for_seconds(seconds / TURNS))
        ask(ContinueDream())
        run_frames(app, for_seconds(SETTLING_IN_SECONDS))
        ask(StopDream())
        stop_seconds = sum(run_frames(app, lambda: not dream.is_dreaming))
        folder = app.controller.dream.export("").folder
        ask(DeleteDream(folder))
        app.controller.release()
    median, late, worst = np.percentile(np.array(dreaming) * 1000, (50, 99, 100))
    return DreamFigures(
        frame_milliseconds_median=float(median),
        frame_milliseconds_99th_percentile=float(late),
        frame_milliseconds_worst=float(worst),
        frames_per_second=len(dreaming) / sum(dreaming),
        frame_milliseconds_99th_percentile_alone=float(np.percentile(alone, 99)) * 1000,
        frames_per_second_alone=len(alone) / sum(alone),
        dream_frames_per_second=made_count / sum(dreaming),
        longest_pause_milliseconds=max(pauses) * 1000,
        stop_milliseconds=stop_seconds * 1000,
    )


def _session(dream: "DreamDesk") -> "DreamSession":
    """How the dream stands. Raises LichenError where it has ended, or never began."""
    session = dream.session
    if session is None or session.ending is not None:
        raise LichenError(session.status if session else "the dream did not begin.")
    return session


if __name__ == "__main__":
    sys.exit(serve_as_child(be_the_window, USUAL_SECONDS))
