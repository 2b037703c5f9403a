"""`lichen bench`: how fast automata run and start on this machine."""

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import moderngl
from rich.progress import track
from rich.table import Table

from exporters.atomic import atomic_path, check_writable
from exporters.console import plain_console
from exporters.errors import LichenError
from exporters.gallery import GALLERY_FOLDER, GalleryEntry, find_entry, shipped_entries
from viewer.browser_benchmark import (
    USUAL_AUTOMATA,
    USUAL_SIDE_CELLS,
    browser_table,
    measure_in_browser,
)
from viewer.context import create_headless_context, is_software, renderer_name
from viewer.display import has_display
from viewer.dream_benchmark import dream_table, measure_dream
from viewer.extras import TRAIN, missing_extra_sentence
from viewer.start_benchmark import StartFigures, measure_start
from viewer.step_benchmark import Slices, StepFigures, measure_steps
from viewer.training_benchmark import measure_training, training_table
from viewer.verification.browser import open_browser
from viewer.window_benchmark import WindowFigures, measure_window

USUAL_SIDES_CELLS = (128, 256, 512)
LARGEST_SIDE_CELLS = 2048
USUAL_PICTURE = GALLERY_FOLDER / "exemplars" / "coral.png"

# What benchmarks of `training` measure, by option; they run in a process of their own.
TRAINING_BENCHMARKS = {
    "gradient": ("training.benchmarks.gradient", "how fast a training step is, forwards and back"),
    "training": ("training.benchmarks.quality", "how good a texture a training makes in its time"),
    "dream": ("training.benchmarks.dream", "how many frames a second the patch dreamer makes"),
}
WITHOUT_TORCH = {"dream"}

# The first start of an automaton, and the second.
Starts = tuple[StartFigures, StartFigures]
Windows = tuple[WindowFigures, WindowFigures]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen bench`."""
    slices = Slices()
    add = parser.add_argument
    add("automata", nargs="*", metavar="AUTOMATON", help="names or files (default: the gallery)")
    add("--grid", type=int, nargs="+", metavar="SIDE", help="in cells (128 256 512)")
    add("--slices", type=int, default=slices.count, help="turns of each backend (%(default)s)")
    add("--seconds", type=float, default=slices.seconds, help="length of a turn (%(default)s)")
    add("--window", action="store_true", help="measure the real window too, on this display")
    add("--browser", action="store_true", help="measure the web page's step in Chromium instead")
    add("--peer", type=Path, action="append", metavar="FILE.js", help="beside it; see BENCHMARKS")
    add("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    help = "measure the window while it trains on a picture instead (the exemplar of coral)"
    add("--while-training", nargs="?", const=USUAL_PICTURE, metavar="PICTURE", help=help)
    help = "measure the window while it dreams instead, beginning with one automaton"
    add("--while-dreaming", action="store_true", help=help)
    for name, (_, subject) in TRAINING_BENCHMARKS.items():
        text = f"measure {subject} instead, with options of its own"
        add(f"--{name}", nargs=argparse.REMAINDER, metavar="OPTION", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Measure, show and write. Raises LichenError for bad input."""
    for name, (module, _) in TRAINING_BENCHMARKS.items():
        options = getattr(arguments, name)
        if options is not None:
            if name not in WITHOUT_TORCH and find_spec("torch") is None:
                raise LichenError(missing_extra_sentence(TRAIN))
            command = [sys.executable, "-P", "-m", module, *options]
            return subprocess.run(command, check=False).returncode
    _check(arguments)
    if arguments.browser:
        return _run_in_browser(arguments)
    if arguments.while_training is not None:
        return _run_while_training(arguments)
    entries = [find_entry(name) for name in arguments.automata] or shipped_entries()
    if arguments.while_dreaming:
        return _run_while_dreaming(entries[0], arguments)
    context = create_headless_context()
    console = plain_console(stderr=True)
    slices = Slices(arguments.slices, arguments.seconds)
    sides = arguments.grid or USUAL_SIDES_CELLS
    work = [(entry, side) for entry in entries for side in sides]
    steps = [
        measure_steps(context, entry, side, slices)
        for entry, side in track(work, "measuring", console=console, transient=True)
    ]
    starts = {entry.name: measure_start(entry.path, sides[0]) for entry in entries}
    windows = _measure_windows(entries) if arguments.window else {}
    _show(context, steps, starts, windows)
    if arguments.json is not None:
        report = _report(context, steps, starts, windows)
        with atomic_path(arguments.json) as temporary:
            temporary.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return 0


def _run_while_training(arguments: argparse.Namespace) -> int:
    """The real window with a real worker, on this display."""
    if find_spec("torch") is None:
        raise LichenError(missing_extra_sentence(TRAIN))
    figures = measure_training(Path(arguments.while_training))
    plain_console().print(training_table(figures))
    if arguments.json is not None:
        with atomic_path(arguments.json) as temporary:
            temporary.write_text(json.dumps(asdict(figures), indent=2) + "\n", "utf-8")
    return 0


def _run_while_dreaming(entry: GalleryEntry, arguments: argparse.Namespace) -> int:
    """The real window with a real dream, on this display."""
    figures = measure_dream(entry.path)
    plain_console().print(dream_table(figures))
    if arguments.json is not None:
        with atomic_path(arguments.json) as temporary:
            temporary.write_text(json.dumps(asdict(figures), indent=2) + "\n", "utf-8")
    return 0


def _run_in_browser(arguments: argparse.Namespace) -> int:
    """The exported page's step beside others, each automaton and grid in a page of its own."""
    entries = [find_entry(name) for name in arguments.automata or USUAL_AUTOMATA]
    sides = arguments.grid or [USUAL_SIDE_CELLS]
    slices = Slices(arguments.slices, arguments.seconds)
    with open_browser() as browser:
        figures = [
            measure_in_browser(browser, entry, side, arguments.peer or [], slices)
            for entry in entries
            for side in sides
        ]
    plain_console().print(browser_table(figures))
    if arguments.json is not None:
        report = [asdict(each) | {"ratios": each.ratios} for each in figures]
        with atomic_path(arguments.json) as temporary:
            temporary.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return 0


def _measure_windows(entries: list[GalleryEntry]) -> dict[str, Windows]:
    """Each automaton in a window that changes to the next one in the end."""
    following = entries[1:] + entries[:1]
    return {
        entry.name: measure_window(entry.path, following_entry.path)
        for entry, following_entry in zip(entries, following, strict=True)
    }


def _check(arguments: argparse.Namespace) -> None:
    if not all(1 <= side <= LARGEST_SIDE_CELLS for side in arguments.grid or ()):
        raise LichenError(f"--grid takes sides of 1 to {LARGEST_SIDE_CELLS} cells.")
    if arguments.slices < 1 or not 0 < arguments.seconds <= 60:
        raise LichenError("--slices must be 1 or more and --seconds above 0, at most 60.")
    if arguments.peer and not arguments.browser:
        raise LichenError("--peer is measured beside the web page; add --browser.")
    if arguments.json is not None:
        check_writable(arguments.json)
    wants_window = (
        arguments.window or arguments.while_dreaming or arguments.while_training is not None
    )
    if wants_window and not has_display():
        raise LichenError(
            "this measures a real window, and there is no display; run it on a desktop, "
            "or with xvfb-run before it."
        )


def _report(
    context: moderngl.Context,
    steps: list[StepFigures],
    starts: dict[str, Starts],
    windows: dict[str, Windows],
) -> dict[str, Any]:
    """Everything that was measured, as JSON values."""
    return {
        "machine": {
            "renderer": renderer_name(context),
            "software_renderer": is_software(context),
            "processors": os.cpu_count(),
            "platform": platform.platform(),
            "python": platform.python_version(),
        },
        "steps": [asdict(figures) | {"ratio": figures.ratio} for figures in steps],
        "starts": {
            name: {"first": asdict(first), "second": asdict(second)}
            for name, (first, second) in starts.items()
        },
        "windows": {
            name: {"first": asdict(first), "second": asdict(second)}
            for name, (first, second) in windows.items()
        },
    }


def _show(
    context: moderngl.Context,
    steps: list[StepFigures],
    starts: dict[str, Starts],
    windows: dict[str, Windows],
) -> None:
    kind = "processor" if is_software(context) else "graphics card"
    console = plain_console()
    console.print(f"{renderer_name(context)}, which draws on the {kind}")
    console.print(_step_table(steps))
    console.print(_start_table(starts))
    if windows:
        console.print(_window_table(windows))


def _step_table(steps: list[StepFigures]) -> Table:
    table = Table(title="steps a second")
    for heading in ("automaton", "size", "grid", "OpenGL", "torch", "ratio"):
        table.add_column(heading, justify="left" if heading == "automaton" else "right")
    for figures in steps:
        table.add_row(
            figures.automaton,
            f"{figures.channels}/{figures.hidden}",
            f"{figures.side_cells}²",
            f"{figures.opengl_steps_per_second:.1f}",
            "-" if figures.ratio is None else f"{figures.torch_steps_per_second:.1f}",
            "-" if figures.ratio is None else f"{figures.ratio:.2f}",
        )
    return table


def _start_table(starts: dict[str, Starts]) -> Table:
    table = Table(title="start without a window, first time and again")
    for heading in ("automaton", "import", "context", "first step", "memory"):
        table.add_column(heading, justify="left" if heading == "automaton" else "right")
    for name, (first, second) in starts.items():
        table.add_row(
            name,
            f"{first.import_seconds:.2f} s, {second.import_seconds:.2f} s",
            f"{first.context_seconds:.2f} s, {second.context_seconds:.2f} s",
            f"{first.first_step_seconds:.2f} s, {second.first_step_seconds:.2f} s",
            f"{first.memory_megabytes:.0f} MB, {second.memory_megabytes:.0f} MB",
        )
    return table


def _window_table(windows: dict[str, Windows]) -> Table:
    table = Table(title="the window, first time and again")
    for heading in ("automaton", "window", "live grid", "fps", "steps/s", "switch", "memory"):
        table.add_column(heading, justify="left" if heading == "automaton" else "right")
    for name, runs in windows.items():
        table.add_row(
            name,
            ", ".join(f"{run.window_seconds:.2f} s" for run in runs),
            ", ".join(f"{run.live_grid_seconds:.2f} s" for run in runs),
            ", ".join(f"{run.frames_per_second:.1f}" for run in runs),
            ", ".join(f"{run.steps_per_second:.1f}" for run in runs),
            ", ".join(f"{run.longest_switching_frame_milliseconds:.0f} ms" for run in runs),
            ", ".join(f"{run.memory_megabytes:.0f} MB" for run in runs),
        )
    return table
