"""`lichen check [AUTOMATON ...]`: does it stay itself, does it heal?"""

import argparse
from pathlib import Path

import moderngl
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry, find_entry, shipped_entries
from exporters.picture_file import load_picture
from viewer.context import create_headless_context
from viewer.stability import Rollout, StabilityReport, measure_stability


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen check`."""
    rollout = Rollout()
    add = parser.add_argument
    add("automata", nargs="*", metavar="AUTOMATON", help="names or files (default: the gallery)")
    add("--exemplar", type=Path, metavar="IMAGE", help="what one automaton of your own learnt from")
    add("--steps", type=int, default=rollout.old_steps, help="how old it gets (%(default)s)")
    add("--grid", type=int, default=rollout.side_cells, help="side in cells (%(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Measure and tell; 1 if any automaton is unsound. Raises LichenError for bad input."""
    rollout = Rollout(side_cells=arguments.grid, old_steps=arguments.steps)
    if not 32 <= rollout.side_cells <= 1024 or rollout.old_steps <= rollout.settled_steps:
        raise LichenError(
            f"--grid must be 32 to 1024 and --steps more than {rollout.settled_steps}."
        )
    entries = [find_entry(name) for name in arguments.automata] or shipped_entries()
    if arguments.exemplar is not None and len(entries) != 1:
        raise LichenError("--exemplar goes with exactly one AUTOMATON.")
    context = create_headless_context()
    reports = {
        entry.name: _measure(context, entry, arguments.exemplar or entry.exemplar_path, rollout)
        for entry in entries
    }
    Console().print(_table(reports))
    return 1 if any(report.problems for report in reports.values()) else 0


def _measure(
    context: moderngl.Context, entry: GalleryEntry, exemplar_path: Path, rollout: Rollout
) -> StabilityReport:
    if not exemplar_path.is_file():
        raise LichenError(f"{entry.name} comes without its exemplar; name it by --exemplar.")
    exemplar = load_picture(exemplar_path, smallest_side_pixels=32)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(entry.name, total=rollout.old_steps + rollout.healing_steps)
        return measure_stability(
            context,
            entry.automaton,
            exemplar,
            rollout,
            on_step=lambda steps: progress.update(task, completed=steps),
        )


def _table(reports: dict[str, StabilityReport]) -> Table:
    table = Table()
    for heading in ("automaton", "settled", "old", "ageing", "scar", "at clamp", "verdict"):
        table.add_column(heading, justify="left" if heading == "automaton" else "right")
    for name, report in reports.items():
        table.add_row(
            name,
            f"{report.settled_distance:.2f}",
            f"{report.old_distance:.2f}",
            f"{report.ageing:.2f}x",
            f"{report.scar:.2f}x",
            f"{report.clamped_share:.2%}",
            ", ".join(report.problems) or "sound",
        )
    return table
