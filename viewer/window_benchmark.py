"""How the real window performs on this machine's display: start-up, pace, memory, switching.

    python -m viewer.window_benchmark AUTOMATON [SWITCH_TO] [--seconds N]

prints the figures of its own process as JSON. The window has default settings, so its panel is
open, and start-up counts everything from the process's birth.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exporters.errors import LichenError
from viewer.memory import peak_memory_megabytes
from viewer.opening import Opening
from viewer.settings import Settings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from viewer.app import App

USUAL_SECONDS = 10.0
SETTLING_IN_SECONDS = 2.0
AFTER_SWITCH_SECONDS = 1.0
LONGEST_SWITCH_SECONDS = 60.0


@dataclass(frozen=True)
class WindowFigures:
    """One run. The longest switching frame is the worst from the click to a second after."""

    window_seconds: float
    live_grid_seconds: float
    frames_per_second: float
    steps_per_second: float
    frame_milliseconds_99th_percentile: float
    switch_seconds: float
    longest_switching_frame_milliseconds: float
    memory_megabytes: float


def measure_window(
    automaton: Path, switch_to: Path, seconds: float = USUAL_SECONDS
) -> tuple[WindowFigures, WindowFigures]:
    """Open the window on the current display, first with the driver's shader cache empty.

    Drivers other than Mesa keep their cache elsewhere, where it stays as it is.

    Raises:
        LichenError: there is no display, or the window failed.
    """
    command = [sys.executable, "-P", "-m", "viewer.window_benchmark"]
    command += [str(automaton), str(switch_to), "--seconds", str(seconds)]
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"MESA_SHADER_CACHE_DIR": cache}
        first, second = (_measure_process(command, environment) for _ in range(2))
    return first, second


def _measure_process(command: list[str], environment: dict[str, str]) -> WindowFigures:
    command = [*command, "--born", str(time.time())]
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or ["it ended early"])[-1]
        raise LichenError(f"the window could not be measured: {reason}")
    return WindowFigures(**json.loads(child.stdout))


def be_the_window(automaton: Path, switch_to: Path, seconds: float, born: float) -> WindowFigures:
    """The child's side; `born` is when the process began, as time.time() counts.

    Raises:
        LichenError: there is no display, or an automaton cannot run.
    """
    settings = Settings()
    first = Opening.prepare(automaton, settings.grid)
    import numpy as np

    from viewer.app import App
    from viewer.window import Window

    with Window(settings.window_width, settings.window_height) as window:
        app = App(window, settings, random_seed=1)
        app.frame()
        window_seconds = time.time() - born
        app.controller.stage.expect(first)
        run_frames(app, lambda: app.controller.stage.simulation is not None)
        window.context.finish()
        live_grid_seconds = time.time() - born
        run_frames(app, for_seconds(SETTLING_IN_SECONDS))
        first_step = _step_count(app)
        frames = run_frames(app, for_seconds(seconds))
        steps = _step_count(app) - first_step
        switch_seconds, longest_seconds = _measure_switch(app, switch_to)
        app.controller.release()
    return WindowFigures(
        window_seconds=window_seconds,
        live_grid_seconds=live_grid_seconds,
        frames_per_second=len(frames) / sum(frames),
        steps_per_second=steps / sum(frames),
        frame_milliseconds_99th_percentile=float(np.percentile(frames, 99)) * 1000,
        switch_seconds=switch_seconds,
        longest_switching_frame_milliseconds=longest_seconds * 1000,
        memory_megabytes=peak_memory_megabytes(),
    )


def _measure_switch(app: "App", path: Path) -> tuple[float, float]:
    """Seconds until another automaton runs, and the longest frame of them and shortly after."""
    from viewer.actions import OpenFile

    path = app.controller.library.known_as(path)
    begin = time.perf_counter()
    app.controller.apply(OpenFile(path))
    opening_seconds = time.perf_counter() - begin
    give_up = for_seconds(LONGEST_SWITCH_SECONDS)
    frames = run_frames(app, lambda: app.controller.stage.path == path or give_up())
    switch_seconds = time.perf_counter() - begin
    frames += run_frames(app, for_seconds(AFTER_SWITCH_SECONDS))
    return switch_seconds, opening_seconds + max(frames)


def figures_of_child(module: str, subject: Path, seconds: float, what: str) -> dict[str, Any]:
    """What a benchmark's module prints as JSON, run with a window of its own.

    Raises:
        LichenError: it failed, and so `what` could not be measured.
    """
    command = [sys.executable, "-P", "-m", module, str(subject), "--seconds", str(seconds)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or ["it ended early"])[-1]
        raise LichenError(f"{what} in the window could not be measured: {reason}")
    figures: dict[str, Any] = json.loads(child.stdout)
    return figures


def serve_as_child(measure: Callable[[Path, float], "DataclassInstance"], seconds: float) -> int:
    """The other end of `figures_of_child`, from the child's command line; its exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("subject", type=Path)
    parser.add_argument("--seconds", type=float, default=seconds)
    options = parser.parse_args()
    try:
        figures = measure(options.subject, options.seconds)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(figures)))
    return 0


def run_frames(app: "App", is_over: Callable[[], bool]) -> list[float]:
    """Turn the loop until it is over; gives each frame's seconds."""
    frames = []
    before = time.perf_counter()
    while not is_over():
        app.frame()
        now = time.perf_counter()
        frames.append(now - before)
        before = now
    return frames


def for_seconds(seconds: float) -> Callable[[], bool]:
    """A clock that says when so many seconds are over."""
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


def _step_count(app: "App") -> int:
    simulation = app.controller.stage.simulation
    if simulation is None:
        raise LichenError("the automaton did not run.")
    return simulation.step_count


def main() -> int:
    """The child's command line."""
    parser = argparse.ArgumentParser(prog="viewer.window_benchmark")
    parser.add_argument("automaton", type=Path)
    parser.add_argument("switch_to", type=Path)
    parser.add_argument("--seconds", type=float, default=USUAL_SECONDS)
    parser.add_argument("--born", type=float, default=time.time())
    options = parser.parse_args()
    try:
        figures = be_the_window(options.automaton, options.switch_to, options.seconds, options.born)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
