"""How many steps a second a browser makes: our page's, a lesson's and anybody else's, in turns."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from exporters.html import runtime, runtime_data
from exporters.targets.plain_text import one_line
from viewer.peers import PEERS_FOLDER
from viewer.step_benchmark import Slices

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

USUAL_AUTOMATA = ("coral_small", "koi")
USUAL_SIDE_CELLS = 256
PRECISIONS = ("float", "half", "8bit")
LESSON_STYLE = PEERS_FOLDER / "lesson_style.js"


@dataclass(frozen=True)
class BrowserFigures:
    """The median steps a second of each way to make a step, by name; what the page does first."""

    automaton: str
    channels: int
    hidden: int
    side_cells: int
    steps_per_second: dict[str, float]

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as fast as each of them the page is, on float32 textures."""
        own = next(iter(self.steps_per_second.values()))
        return {name: own / speed for name, speed in self.steps_per_second.items()}


def measure_in_browser(
    browser: "Browser", entry: GalleryEntry, side_cells: int, peers: Sequence[Path], slices: Slices
) -> BrowserFigures:
    """Let all ways run the same automaton in one page in turns, the lesson's and `peers` included.

    Raises:
        LichenError: the automaton cannot run in a browser, or a peer cannot be read or fails.
    """
    automaton = entry.automaton
    page = browser.new_page()
    page.set_default_timeout(0)
    page.set_content("<!doctype html>")
    page.add_script_tag(content=runtime() + (PEERS_FOLDER / "harness.js").read_text("utf-8"))
    names = _add_lichen(page, automaton, side_cells)
    names += [_add_peer(page, path, automaton, side_cells) for path in (LESSON_STYLE, *peers)]
    turns: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(slices.count):
        for index, name in enumerate(names):
            turns[name].append(
                _evaluate(page, "([k, s]) => takeTurn(k, s)", [index, slices.seconds])
            )
    page.close()
    speeds = {name: statistics.median(speeds) for name, speeds in turns.items()}
    return BrowserFigures(entry.name, automaton.channels, automaton.hidden, side_cells, speeds)


def browser_table(measured: Sequence[BrowserFigures]) -> Table:
    """What was measured, a row for each way of each automaton."""
    table = Table("automaton", "size", "grid", "step", "steps/s", "html is", title="in the browser")
    for figures in measured:
        for name, speed in figures.steps_per_second.items():
            table.add_row(
                one_line(figures.automaton),
                f"{figures.channels}/{figures.hidden}",
                f"{figures.side_cells}²",
                one_line(name),
                f"{speed:.3g}",
                f"{figures.ratios[name]:.2f} x",
            )
    return table


def peer_model(automaton: Automaton) -> dict[str, Any]:
    """What a peer is told of an automaton; docs/BENCHMARKS.md explains it."""
    return {
        "channels": automaton.channels,
        "hidden": automaton.hidden,
        "hiddenWeight": automaton.hidden_weight.ravel().tolist(),
        "hiddenBias": automaton.hidden_bias.tolist(),
        "updateWeight": automaton.update_weight.ravel().tolist(),
        "updateBias": automaton.update_bias.tolist(),
        "updateRate": automaton.update_rate,
        "filterScales": list(automaton.filter_scales),
        "clamp": automaton.clamp,
    }


def _add_lichen(page: "Page", automaton: Automaton, side_cells: int) -> list[str]:
    data = runtime_data([automaton])
    task = {"automaton": data["automata"][0], "shaders": data["shaders"], "side": side_cells}
    return [
        _evaluate(page, "(task) => addLichen(task)", {**task, "precision": precision})
        for precision in PRECISIONS
    ]


def _add_peer(page: "Page", path: Path, automaton: Automaton, side_cells: int) -> str:
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LichenError(f"cannot read the peer {path}: {error}.") from error
    task = {"source": source, "model": peer_model(automaton), "side": side_cells}
    name = _evaluate(page, "(task) => addPeer(task)", task)
    return f"{path.name}: {name}" if path != LESSON_STYLE else str(name)


def _evaluate(page: "Page", script: str, argument: object) -> Any:
    from playwright.sync_api import Error

    try:
        return page.evaluate(script, argument)
    except Error as error:
        reason = str(error).splitlines()[0].removeprefix("Page.evaluate: ")
        raise LichenError(f"the benchmark failed in the browser: {reason}") from error
