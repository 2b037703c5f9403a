"""`lichen check [AUTOMATON ...]`: does it stay itself, does it heal?"""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import moderngl
from rich.table import Table

from exporters.console import named_bar, plain_console
from exporters.doctor import is_form
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry, find_entry, shipped_entries
from exporters.picture_file import load_picture
from exporters.stability import Examination, Picture
from viewer.context import create_headless_context
from viewer.stability import check_stability

SMALLEST_EXEMPLAR_PIXELS = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen check`."""
    add = parser.add_argument
    add("automata", nargs="*", metavar="AUTOMATON", help="names or files (default: the gallery)")
    add("--quick", action="store_true", help="watch for 2,000 steps instead of 20,000")
    add("--exemplar", type=Path, metavar="IMAGE", help="what one automaton of your own learnt from")
    add("--json", action="store_true", help="print every figure, for programs")


def run(arguments: argparse.Namespace) -> int:
    """Watch and tell; 1 if any automaton is unsound. Raises LichenError for bad input."""
    entries = [find_entry(name) for name in arguments.automata] or shipped_entries()
    if arguments.exemplar is not None and len(entries) != 1:
        raise LichenError("--exemplar goes with exactly one AUTOMATON.")
    exemplars = [find_exemplar(entry, arguments.exemplar) for entry in entries]
    context = create_headless_context()
    examinations = [
        _watch(context, entry, exemplar, arguments.quick)
        for entry, exemplar in zip(entries, exemplars, strict=True)
    ]
    if arguments.json:
        # Not through rich, which would break long lines.
        print(json.dumps([_report(examination) for examination in examinations], indent=2))
    else:
        plain_console().print(_table(entries, examinations))
    return 0 if all(examination.verdict.is_sound for examination in examinations) else 1


def find_exemplar(entry: GalleryEntry, named: Path | None = None) -> Picture | None:
    """The named exemplar, or else the one beside the automaton, or None; a form needs none.

    Raises:
        LichenError: the picture cannot be used, or the automaton's file is damaged.
    """
    # The name comes out of the file; os.path says no to those that no disk takes.
    if is_form(entry.automaton) or (named is None and not os.path.isfile(entry.exemplar_path)):
        return None
    return load_picture(named or entry.exemplar_path, SMALLEST_EXEMPLAR_PIXELS)


def _watch(
    context: moderngl.Context, entry: GalleryEntry, exemplar: Picture | None, quick: bool
) -> Examination:
    with named_bar() as progress:
        task = progress.add_task(entry.name, total=1.0)
        return check_stability(
            context,
            entry.automaton,
            exemplar,
            quick,
            on_moment=lambda moment: progress.update(task, completed=moment.completed),
        )


def _report(examination: Examination) -> dict[str, Any]:
    """All that was found, as plain values; a share that is no number becomes null."""
    findings = [asdict(finding) for finding in examination.findings]
    for finding in findings:
        share = finding["share_of_limit"]
        finding["share_of_limit"] = share if abs(share) < float("inf") else None
    return {
        "name": examination.automaton.name,
        "verdict": asdict(examination.verdict),
        "findings": findings,
        "skipped": examination.skipped,
    }


def _table(entries: list[GalleryEntry], examinations: list[Examination]) -> Table:
    table = Table()
    for heading in ("automaton", "verdict", "because"):
        table.add_column(heading)
    for entry, examination in zip(entries, examinations, strict=True):
        verdict = examination.verdict
        because = "\n".join([verdict.reason, *(f"not {text}" for text in examination.skipped)])
        table.add_row(entry.name, verdict.word, because)
    return table
