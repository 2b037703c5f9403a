"""`glsl`: the plain shaders, for whoever writes a program of their own around them."""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import get_args

from exporters.automaton import Automaton, Display
from exporters.baker import bake, number_literal, texture_count
from exporters.content import INSTRUCTION
from exporters.shader_source import BROWSER_VERSION, DESKTOP_VERSION, shader_source
from exporters.targets.comments import comment_lines, harmless
from exporters.targets.plain_text import credit_lines
from exporters.targets.target import ExportOptions, Files, Target

TEXTS = Path(__file__).parent / "glsl_files"
DESKTOP_FOLDER, BROWSER_FOLDER = "glsl330", "glsl300es"
VERSIONS = {DESKTOP_FOLDER: DESKTOP_VERSION, BROWSER_FOLDER: BROWSER_VERSION}
READ_ME = "README.md"

ALIVE_ROW = "| `alive.frag` | wipes out cells that have no life about them |\n"
STARTS = {
    "zeros": "zero everywhere.",
    "uniform": "noise from $low to $high in every channel.",
    "single cell": (
        "zero everywhere but in the cell in the middle, where channels $first to $last are 1."
    ),
}


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """Both languages and a read-me. Raises LichenError for weights that no shader can hold."""
    (automaton,) = automata
    files = {READ_ME: _read_me(automaton)}
    for folder, version in VERSIONS.items():
        for name, source in _shaders(automaton, version).items():
            files[f"{folder}/{name}"] = _commented(source, automaton)
    return {name: text.encode() for name, text in files.items()}


def _shaders(automaton: Automaton, version: str) -> dict[str, str]:
    names = ["fullscreen.vert", "display.frag", *["alive.frag"] * automaton.alive_masking]
    return {
        "step.frag": bake(automaton, version),
        **{name: shader_source(name, version) for name in names},
    }


def _commented(source: str, automaton: Automaton) -> str:
    """The credits, below the line of the version, which must be the first."""
    version, _, rest = source.partition("\n")
    return f"{version}\n{comment_lines(automaton)}{rest}"


def _read_me(automaton: Automaton) -> str:
    textures, seed = texture_count(automaton.channels), automaton.seed
    start = Template(STARTS[seed.kind]).substitute(
        low=number_literal(seed.low),
        high=number_literal(seed.high),
        first=min(3, automaton.channels - 1),
        last=automaton.channels - 1,
    )
    masking = automaton.alive_masking
    return Template(_read(READ_ME)).substitute(
        credits="\n".join(f"- {harmless(line)}" for line in credit_lines(automaton)),
        alive_row=ALIVE_ROW if masking else "",
        alive_step=_read("alive.md") if masking else "",
        textures="one texture holds" if textures == 1 else f"{textures} textures hold",
        channels=automaton.channels,
        start=start,
        content=f"\n{INSTRUCTION}\n" if automaton.content_channels else "",
        erase_value=number_literal(automaton.erase_value),
        display=f"{get_args(Display).index(automaton.display)}, for {automaton.display}",
    )


def _read(name: str) -> str:
    return (TEXTS / name).read_text("utf-8")


TARGET = Target(
    name="glsl",
    title="GLSL",
    summary="plain fragment shaders for desktop OpenGL and WebGL 2",
    export=export,
    opens=READ_ME,
)
