"""`lichen export AUTOMATON --to TARGET -o PATH`: take automata to another program."""

import argparse
from pathlib import Path

from rich.table import Table

from exporters.console import plain_console
from exporters.errors import LichenError
from exporters.export import export
from exporters.gallery import find_entry
from exporters.targets.registry import TARGETS, find_target
from exporters.targets.target import ExportOptions, Target
from viewer.arguments import parse_count, parse_grid, parse_seed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen export`."""
    add, usual = parser.add_argument, ExportOptions()
    add("automata", nargs="*", metavar="AUTOMATON", help="names of the gallery, or files")
    add("--to", metavar="TARGET", help=f"one of {', '.join(TARGETS)}")
    add("-o", "--output", type=Path, metavar="PATH", help="the file or folder to write")
    add("--grid", type=parse_grid, default=usual.grid, metavar="WxH", help="cells (256x256)")
    add(
        "--steps-per-frame",
        type=parse_count,
        default=usual.steps_per_frame,
        metavar="N",
        help="(1)",
    )
    add("--seed", type=parse_seed, default=usual.random_seed, help="of all random numbers (0)")
    add("--force", action="store_true", help="replace an older export")
    add("--verify", action="store_true", help="run what was written and measure its error")
    add("--list", action="store_true", help="list the targets and what they hold")


def run(arguments: argparse.Namespace) -> int:
    """Export and perhaps verify; 1 if a verification fails. Raises LichenError for bad input."""
    if arguments.list:
        plain_console().print(_table())
        return 0
    if arguments.to is None or arguments.output is None:
        raise LichenError("name a target and a path, as in --to html -o koi.html; see --list.")
    target = find_target(arguments.to)
    automata = [find_entry(name).automaton for name in arguments.automata]
    options = ExportOptions(arguments.grid, arguments.steps_per_frame, arguments.seed)
    export(automata, target, arguments.output, options, arguments.force)
    print(f"wrote {arguments.output}")
    if not arguments.verify:
        return 0
    from viewer.verification.report import verify_and_print

    return verify_and_print(automata, target, options, arguments.output)


def _table() -> Table:
    table = Table("target", "what it is", "channels", "forms", "several", "options")
    for target in TARGETS.values():
        table.add_row(*_row(target))
    return table


def _row(target: Target) -> tuple[str, ...]:
    return (
        target.name,
        target.summary,
        str(target.largest_channels),
        "yes" if target.alive_masking else "no",
        "yes" if target.several_automata else "no",
        ", ".join(option.replace("_", " ") for option in target.options),
    )
