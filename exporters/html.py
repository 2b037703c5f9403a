"""Automata as a web page: one file that needs no network, and runs wherever WebGL2 does."""

import base64
import json
import re
from collections.abc import Collection, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from exporters.automaton import Automaton
from exporters.baker import bake
from exporters.content import EXAMPLE_PATH
from exporters.errors import LichenError
from exporters.shader_source import BROWSER_VERSION, shader_source
from exporters.targets.plain_text import one_line
from exporters.web import WEB_FOLDER

# In the order in which they need each other.
RUNTIME = ("graphics.js", "simulation.js")
STYLES = ("page.css", "controls.css")
PAGE = ("view.js", "pointers.js", "page.js")
# Beside these where there is a filter.
FILTER_SCRIPT, FILTER_CONTROLS, FILTER_SHADER = "content.js", "filter.html", "fade.frag"
SHADERS = (
    "fullscreen.vert",
    "alive.frag",
    "paint.frag",
    "display.frag",
    "screen.vert",
    "screen.frag",
)
LONGEST_NAME = 80
# The page may run what it holds itself, and may fetch nothing at all.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

# What readers open themselves, in a page that can filter it.
POLICY_OF_FILTERS = f"{POLICY} blob:; media-src blob:"

NUMBERS = re.compile(r"\b(?:vec4|mat4)\(([-+.,\de ]+)\)")
COMMENT_OR_EMPTY = re.compile(r"^\s*(?://.*)?\n| +(?=//).*", re.MULTILINE)
INDENTATION = re.compile(r"^ +", re.MULTILINE)
REPEATED_LINES = re.compile(r"^((?:.+\n){2,}?)\1+", re.MULTILINE)

# Texts that follow each other, each so many times.
Folded = list[tuple[str, int]]


def page(automata: Sequence[Automaton], need_float: Collection[Automaton] = ()) -> str:
    """A page that shows one of the automata and offers the others; same automata, same text.

    Those that `need_float` are said to, where the graphics card can only keep 8 bits.

    Raises:
        LichenError: an automaton cannot run in a browser, or there is none.
    """
    if not automata:
        raise LichenError("a page needs at least one automaton.")
    data = runtime_data(automata)
    for automaton, description in zip(automata, data["automata"], strict=True):
        description["needs_float"] = automaton in need_float
    filters = any(automaton.content_channels for automaton in automata)
    if filters:
        data["example"] = _data_address(EXAMPLE_PATH)
    return Template(_read("page.html")).substitute(
        policy=POLICY_OF_FILTERS if filters else POLICY,
        title=escape(_short_name(automata[0])),
        style="".join(map(_read, STYLES)),
        data=to_script_data(data),
        filter_controls=_read(FILTER_CONTROLS) if filters else "",
        script=runtime() + "".join(map(_read, [FILTER_SCRIPT] * filters + list(PAGE))),
    )


def runtime() -> str:
    """The JavaScript that runs automata, for pages of any kind: the class Simulation."""
    return "".join(map(_read, RUNTIME))


def runtime_data(automata: Sequence[Automaton]) -> dict[str, Any]:
    """What Simulation takes: `automata`, a list of descriptions, and `shaders`.

    Automata of one kind share one step shader without numbers; each brings its own numbers.

    Raises:
        LichenError: an automaton cannot run in a browser.
    """
    steps: list[Folded] = []
    descriptions = []
    for automaton in automata:
        step, weights = _split(automaton)
        if step not in steps:
            steps.append(step)
        descriptions.append(
            {
                "name": _short_name(automaton),
                "channels": automaton.channels,
                "alive_masking": automaton.alive_masking,
                "content_channels": automaton.content_channels,
                "display": automaton.display,
                "erase_value": automaton.erase_value,
                "seed": vars(automaton.seed),
                "step": steps.index(step),
                "weights": weights,
            }
        )
    filters = any(automaton.content_channels for automaton in automata)
    names = [*SHADERS, *[FILTER_SHADER] * filters]
    shaders = {name: _compact(shader_source(name, BROWSER_VERSION)) for name in names}
    return {"automata": descriptions, "shaders": {**shaders, "steps": steps}}


def to_script_data(value: object) -> str:
    """JSON that may stand within a script element, whatever texts it holds."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _data_address(picture: Path) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture.read_bytes()).decode()}"


def _split(automaton: Automaton) -> tuple[Folded, str]:
    """The baked shader with its vec4 and mat4 emptied, and their numbers in base64."""
    source = _compact(bake(automaton, BROWSER_VERSION))
    numbers = ",".join(match[1] for match in NUMBERS.finditer(source))
    weights = np.array(numbers.split(","), "<f4").tobytes()
    empty = NUMBERS.sub(lambda match: f"{match[0].partition('(')[0]}()", source)
    return _fold(empty), base64.b64encode(weights).decode()


def _fold(source: str) -> Folded:
    """Lines that repeat, as those of an emptied shader do for each four hidden units."""
    pieces: Folded = []
    end = 0
    for match in REPEATED_LINES.finditer(source):
        pieces.append((source[end : match.start()], 1))
        pieces.append((match[1], len(match[0]) // len(match[1])))
        end = match.end()
    return [*pieces, (source[end:], 1)]


def _compact(source: str) -> str:
    """A shader without its comments and indentation: they are a third of a small page."""
    return INDENTATION.sub("", COMMENT_OR_EMPTY.sub("", source))


def _short_name(automaton: Automaton) -> str:
    return one_line(automaton.name, LONGEST_NAME)


def _read(name: str) -> str:
    return (WEB_FOLDER / name).read_text("utf-8")
