"""How the real window performs on this machine's display: start-up, pace, memory, switching.

    python -m viewer.window_benchmark AUTOMATON [--switch-to AUTOMATON] [--seconds N]

prints the figures as JSON. The window runs in a process of its own, with default settings and
its panel open, so that start-up counts everything from the process's birth.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exporters.errors import LichenError
from exporters.gallery import find_entry

if TYPE_CHECKING:
    from viewer.app import App

USUAL_SECONDS = 10.0
SETTLING_IN_SECONDS = 2.0
AFTER_SWITCH_SECONDS = 1.0
LONGEST_SWITCH_SECONDS = 60.0


@dataclass(frozen=True)
class WindowFigures:
    """One run; the last two are None where nothing was switched to."""

    automaton: str
    grid: tuple[int, int]
    window: tuple[int, int]
    seconds_to_window: float
    seconds_to_live_grid: float
    frames_per_second: float
    steps_per_second: float
    frame_milliseconds_99th_percentile: float
    memory_megabytes: float
    switch_seconds: float | None = None
    longest_switching_frame_milliseconds: float | None = None


def measure_window(
    automaton: str, switch_to: str | None = None, seconds: float = USUAL_SECONDS
) -> WindowFigures:
    """Open the window on the current display for so many seconds and measure it.

    Automata are gallery names or paths.

    Raises:
        LichenError: there is no such automaton or no display, or the window failed.
    """
    paths = [find_entry(name).path for name in (automaton, switch_to) if name is not None]
    command = [sys.executable, "-P", "-m", "viewer.window_benchmark", *map(str, paths)]
    command += ["--seconds", str(seconds), "--born", str(time.time())]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or ["it ended early"])[-1]
        raise LichenError(f"the window could not be measured: {reason}")
    return WindowFigures(**json.loads(child.stdout))


def run_window(
    automaton: Path, switch_to: Path | None, seconds: float, born: float
) -> WindowFigures:
    """The child's side: be the window; `born` is when the process began, as time.time() counts."""
    import numpy as np

    from viewer.app import App
    from viewer.settings import Settings
    from viewer.window import Window

    settings = Settings()
    with Window(settings.window_width, settings.window_height) as window:
        app = App(window, settings, random_seed=1)
        app.frame()
        seconds_to_window = time.time() - born
        app.controller.open_now(automaton)
        app.frame()
        window.context.finish()
        seconds_to_live_grid = time.time() - born
        _run_frames(app, _for_seconds(SETTLING_IN_SECONDS))
        first_step = _step_count(app)
        frames = _run_frames(app, _for_seconds(seconds))
        steps = _step_count(app) - first_step
        switch = _measure_switch(app, switch_to) if switch_to else (None, None)
        app.controller.release()
    return WindowFigures(
        automaton.stem,
        settings.grid,
        (settings.window_width, settings.window_height),
        round(seconds_to_window, 3),
        round(seconds_to_live_grid, 3),
        round(len(frames) / sum(frames), 1),
        round(steps / sum(frames), 1),
        round(float(np.percentile(frames, 99)) * 1000, 1),
        round(_peak_memory_megabytes()),
        *switch,
    )


def _measure_switch(app: "App", path: Path) -> tuple[float, float]:
    """Seconds until another automaton runs, and the longest frame on the way, milliseconds."""
    from viewer.actions import OpenFile

    path = app.controller.library.known_as(path)
    begin = time.perf_counter()
    app.controller.apply(OpenFile(path))
    applied = time.perf_counter() - begin
    give_up = _for_seconds(LONGEST_SWITCH_SECONDS)
    frames = _run_frames(app, lambda: app.controller.stage.path == path or give_up())
    switched = time.perf_counter() - begin
    frames += _run_frames(app, _for_seconds(AFTER_SWITCH_SECONDS))
    return round(switched, 2), round((applied + max(frames)) * 1000)


def _run_frames(app: "App", is_over: Callable[[], bool]) -> list[float]:
    """Turn the loop until it is over; gives each frame's seconds."""
    frames = []
    before = time.perf_counter()
    while not is_over():
        app.frame()
        now = time.perf_counter()
        frames.append(now - before)
        before = now
    return frames


def _for_seconds(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


def _step_count(app: "App") -> int:
    simulation = app.controller.stage.simulation
    if simulation is None:
        raise LichenError("the automaton did not run.")
    return simulation.step_count


def _peak_memory_megabytes() -> float:
    """What the process held at most, itself and its libraries; 0 where nobody can tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> int:
    """The child's command line."""
    parser = argparse.ArgumentParser(prog="viewer.window_benchmark")
    parser.add_argument("automaton", type=Path)
    parser.add_argument("switch_to", type=Path, nargs="?")
    parser.add_argument("--seconds", type=float, default=USUAL_SECONDS)
    parser.add_argument("--born", type=float, default=time.time())
    options = parser.parse_args()
    try:
        figures = run_window(options.automaton, options.switch_to, options.seconds, options.born)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
