"""`lichen bench`: how fast automata run and start on this machine."""

import argparse
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import moderngl
from rich.console import Console
from rich.progress import track
from rich.table import Table

from exporters.atomic import atomic_path, check_writable
from exporters.errors import LichenError
from exporters.gallery import find_entry, shipped_entries
from viewer.context import create_headless_context, is_software, renderer_name
from viewer.start_benchmark import StartFigures, measure_start
from viewer.step_benchmark import Slices, StepFigures, measure_steps

USUAL_SIDES_CELLS = (128, 256, 512)
LARGEST_SIDE_CELLS = 2048

# The first start of an automaton, and the second.
Starts = tuple[StartFigures, StartFigures]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen bench`."""
    slices = Slices()
    add = parser.add_argument
    add("automata", nargs="*", metavar="AUTOMATON", help="names or files (default: the gallery)")
    add("--grid", type=int, nargs="+", default=USUAL_SIDES_CELLS, help="sides in cells")
    add("--slices", type=int, default=slices.count, help="turns of each backend (%(default)s)")
    add("--seconds", type=float, default=slices.seconds, help="length of a turn (%(default)s)")
    add("--json", type=Path, metavar="FILE", help="write all figures to FILE")


def run(arguments: argparse.Namespace) -> int:
    """Measure, show and write. Raises LichenError for bad input."""
    _check(arguments)
    entries = [find_entry(name) for name in arguments.automata] or shipped_entries()
    context = create_headless_context()
    console = Console(stderr=True)
    slices = Slices(arguments.slices, arguments.seconds)
    work = [(entry, side) for entry in entries for side in arguments.grid]
    steps = [
        measure_steps(context, entry, side, slices)
        for entry, side in track(work, "measuring", console=console, transient=True)
    ]
    starts = {entry.name: measure_start(entry.path, arguments.grid[0]) for entry in entries}
    _show(context, steps, starts)
    if arguments.json is not None:
        report = _report(context, steps, starts)
        with atomic_path(arguments.json) as temporary:
            temporary.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if not all(1 <= side <= LARGEST_SIDE_CELLS for side in arguments.grid):
        raise LichenError(f"--grid takes sides of 1 to {LARGEST_SIDE_CELLS} cells.")
    if arguments.slices < 1 or not 0 < arguments.seconds <= 60:
        raise LichenError("--slices must be 1 or more and --seconds above 0, at most 60.")
    if arguments.json is not None:
        check_writable(arguments.json)


def _report(
    context: moderngl.Context, steps: list[StepFigures], starts: dict[str, Starts]
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
    }


def _show(context: moderngl.Context, steps: list[StepFigures], starts: dict[str, Starts]) -> None:
    kind = "processor" if is_software(context) else "graphics card"
    console = Console()
    console.print(f"{renderer_name(context)}, which draws on the {kind}")
    console.print(_step_table(steps))
    console.print(_start_table(starts))


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
