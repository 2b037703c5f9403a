"""`html`: one self-contained page; see exporters/html.py."""

from collections.abc import Sequence

from exporters.automaton import Automaton
from exporters.eight_bit import needs_float
from exporters.html import page
from exporters.targets.target import ExportOptions, Files, Target


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """The page as `index.html`, which takes some seconds for each automaton.

    Raises:
        LichenError: an automaton cannot run in a browser.
    """
    need_float = [automaton for automaton in automata if needs_float(automaton)]
    return {"index.html": page(automata, need_float).encode()}


TARGET = Target(
    name="html",
    title="Web page",
    summary="one page for any browser, no network",
    export=export,
    suffix=".html",
    several_automata=True,
)
