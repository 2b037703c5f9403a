"""Imported automata as files in a folder, all of them or none."""

import os
from collections.abc import Callable, Sequence
from itertools import chain, count
from pathlib import Path

from exporters.automaton import Automaton
from exporters.automaton_file import automaton_to_bytes, save_automaton
from exporters.errors import LichenError


def save_all(
    automata: Sequence[Automaton],
    folder: Path,
    replace: bool = False,
    report: Callable[[Path], None] = lambda path: None,
) -> None:
    """Write each automaton under its name, which is good for a file; tell of each one written.

    A file that holds the same automaton already counts as written.

    Raises:
        LichenError: a file holds something else and `replace` is not set, or the folder cannot be
            written to; then nothing new is left in it.
    """
    if not replace and (path := _in_the_way(automata, folder)):
        raise LichenError(
            f"{path} exists and holds something else; "
            "choose another folder, or --force to replace it."
        )
    places = _places(automata, folder)
    new = [path for path in places if not os.path.exists(path)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot create {folder}: {error.strerror or error}.") from error
    try:
        for path, automaton in places.items():
            save_automaton(automaton, path)
            report(path)
    except LichenError:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def free_folder(automata: Sequence[Automaton], folder: Path) -> Path:
    """The folder, or one beside it with a number, where these automata replace nothing."""
    numbered = (folder.with_name(f"{folder.name} {number}") for number in count(2))
    return next(place for place in chain([folder], numbered) if not _in_the_way(automata, place))


def _places(automata: Sequence[Automaton], folder: Path) -> dict[Path, Automaton]:
    return {folder / f"{automaton.name}.safetensors": automaton for automaton in automata}


def _in_the_way(automata: Sequence[Automaton], folder: Path) -> Path | None:
    """A file that would be replaced by something else, if there is one."""
    places = _places(automata, folder).items()
    # os.path says no to what is no name at all.
    there = ((path, automaton) for path, automaton in places if os.path.exists(path))
    taken = (path for path, automaton in there if not _holds(path, automaton))
    return next(taken, None)


def _holds(path: Path, automaton: Automaton) -> bool:
    try:
        return path.read_bytes() == automaton_to_bytes(automaton)
    except OSError:
        return False
