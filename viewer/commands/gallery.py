"""`lichen gallery`: the automata there are to choose from."""

import argparse
import sys

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry, named_entries, user_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments."""
    parser.epilog = (
        "Piped into another command it prints bare names, one a line. "
        f"Your own automata live in {user_folder()}."
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a table on a terminal, else bare names."""
    if sys.stdout.isatty():
        _print_table()
    else:
        print(*named_entries(), sep="\n")
    return 0


def _print_table() -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=True)
    for heading in ("Name", "Size", "Weights", "Exemplar", "Licence"):
        table.add_column(heading, justify="right" if heading == "Weights" else "left")
    for name, entry in named_entries().items():
        table.add_row(*_describe(name, entry))
    console = Console(emoji=False)
    console.print(table)
    console.print("\nWatch one with [bold]lichen view NAME[/bold].")


def _describe(name: str, entry: GalleryEntry) -> tuple[str, ...]:
    from rich.markup import escape

    try:
        automaton = entry.automaton
    except LichenError as error:
        return escape(name), "", "", f"[red]{escape(str(error))}[/red]", ""
    return (
        f"[green]{escape(name)}[/green]",
        f"{automaton.channels}/{automaton.hidden}",
        f"{automaton.parameter_count:,}",
        escape(automaton.credits.exemplar),
        escape(automaton.credits.licence),
    )
