"""Verify an export and say how far it is from the reference."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rich.table import Table

from exporters.automaton import Automaton
from exporters.console import plain_console
from exporters.errors import LichenError
from exporters.targets.plain_text import one_line
from exporters.targets.target import ExportOptions, Target
from viewer.context import create_headless_context
from viewer.verification.registry import VERIFIERS
from viewer.verification.verification import Export, Verification


def verify_and_print(
    automata: Sequence[Automaton], target: Target, options: ExportOptions, path: Path
) -> int:
    """Print a table; 1 if anything ran and failed, or nothing could run at all."""
    found = verify(automata, target, options, path)
    table = Table("automaton", "run in", "largest error", "bound", "")
    for automaton, verification in found:
        error = "" if verification.error is None else f"{verification.error:.1e}"
        table.add_row(
            one_line(automaton.name),
            verification.runtime,
            error,
            f"{verification.bound:.0e}" if error else "",
            verification.note or ("as the reference" if verification.passed else "differs"),
        )
    plain_console().print(table)
    ran = [verification for _, verification in found if verification.error is not None]
    return 0 if ran and all(verification.passed for verification in ran) else 1


def verify(
    automata: Sequence[Automaton], target: Target, options: ExportOptions, path: Path
) -> list[tuple[Automaton, Verification]]:
    """Run an export in all ways that this machine has, the first automaton of several first."""
    verifier = VERIFIERS.get(target.name)
    if verifier is None:
        reason = "cannot be run here; docs/EXPORT.md says how to try it in its host"
        return [(automata[0], Verification(target.title, note=reason))]
    export = Export(automata[0], options, path, cache(create_headless_context))
    try:
        return [(automata[0], verification) for verification in verifier(export)]
    except LichenError as error:
        return [(automata[0], Verification(target.title, note=str(error)))]
