"""`lichen import FILE -o FOLDER`: other programs' automata as Lichen's own files."""

import argparse
import importlib
import sys
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from rich.table import Table

from exporters.console import named_bar, plain_console
from exporters.errors import LichenError
from exporters.importers.importer import Imported
from exporters.importers.registry import read_foreign
from exporters.importers.saving import free_folder, save_all
from viewer.extras import TRAIN, missing_extra_sentence

# PyTorch reads its own files; it is imported for them alone.
STATE_DICT_MODULE = "training.importers.state_dict"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen import`."""
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help=".json, .safetensors, .pt or .pth")
    add("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where files go")
    add("--only", action="append", metavar="NAME", help="one of many automata; repeatable")
    add("--order", choices=("channels", "filters"), help="what the first layer's inputs go by")
    add("--beside", action="store_true", help="use FOLDER 2, 3, ... rather than replace a file")
    add("--force", action="store_true", help="replace files that are there already")


def run(arguments: argparse.Namespace) -> int:
    """Write the files and tell what was left out. Raises LichenError for what does not fit."""
    found = read_foreign(arguments.file, _read_state_dict, arguments.order)
    if arguments.only:
        found = _choose(found, arguments.only)
    automata = [item.automaton for item in found]
    folder: Path = arguments.output
    if arguments.beside:
        folder = free_folder(automata, folder)
    is_terminal = sys.stdout.isatty()
    written: list[Path] = []
    with named_bar(is_shown=is_terminal) as bar:
        task = bar.add_task(arguments.file.name, total=len(automata))

        def report(path: Path) -> None:
            written.append(path)
            bar.advance(task)

        save_all(automata, folder, arguments.force, report)
    if is_terminal:
        print(f"wrote {_count(len(written))} to {folder}")
        if _notes(found):
            plain_console().print(_table(found))
    else:
        # For pipes, and for the window: what was written here, what was lost there.
        print(*written, sep="\n")
        for note in _notes(found):
            print(note, file=sys.stderr)
    return 0


def _choose(found: Sequence[Imported], names: Sequence[str]) -> list[Imported]:
    by_name = {item.automaton.name: item for item in found}
    for name in names:
        if name not in by_name:
            nearest = get_close_matches(name, by_name, n=1) or list(by_name)[:1]
            raise LichenError(
                f"the file holds no automaton called {name:.80}; did you mean {nearest[0]}?"
            )
    return [by_name[name] for name in dict.fromkeys(names)]


def _read_state_dict(path: Path) -> bytes:
    if find_spec("torch") is None:
        raise LichenError(missing_extra_sentence(TRAIN, "reading PyTorch's files"))
    data: bytes = importlib.import_module(STATE_DICT_MODULE).state_dict_to_safetensors(path)
    return data


def _notes(found: Sequence[Imported]) -> Counter[str]:
    """What was left out, and of how many automata."""
    return Counter(note for item in found for note in item.notes)


def _table(found: Sequence[Imported]) -> Table:
    table = Table("What was left out, or is a guess", "of", box=None, pad_edge=False)
    for note, count in _notes(found).items():
        table.add_row(note, _count(count))
    return table


def _count(automata: int) -> str:
    return "1 automaton" if automata == 1 else f"{automata:,} automata"
