"""The terminal as our commands write to it: every text appears as it is.

Names of files and of automata are the user's own, and may look like rich's markup or emoji codes.
"""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


def plain_console(stderr: bool = False, quiet: bool = False) -> Console:
    """A console that reads nothing into what it prints, in tables neither."""
    return Console(stderr=stderr, quiet=quiet, markup=False, emoji=False, highlight=False)


def named_bar(is_shown: bool | None = None) -> Progress:
    """A bar with a name before it, gone when it is done; by default shown on terminals alone."""
    console = plain_console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (console.is_terminal if is_shown is None else is_shown),
    )
