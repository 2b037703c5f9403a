"""`touchdesigner`: the texts of two GLSL TOPs, and the steps that put them together."""

from collections.abc import Sequence
from pathlib import Path
from string import Template

from exporters.automaton import Automaton
from exporters.targets.comments import harmless
from exporters.targets.plain_text import credit_lines
from exporters.targets.target import ExportOptions, Files, Target
from exporters.targets.tiled import TiledHost

HOST = TiledHost(has_integers=True, content_shader="touchdesigner_content.glsl")
CELLS_FILE, PICTURE_FILE, READ_ME = "cells.frag", "picture.frag", "README.md"
READ_ME_TEXT = Path(__file__).parent / "touchdesigner_files" / READ_ME

PICTURE_INPUT = "\n   Connect the picture or film to filter, any TOP, to its second input."


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """Both shaders and a read-me. Raises LichenError for weights that no shader can hold."""
    (automaton,) = automata
    width, height = HOST.buffer_texels(automaton, options.grid)
    filters = automaton.content_channels > 0
    read_me = Template(READ_ME_TEXT.read_text("utf-8")).substitute(
        credits="\n".join(f"- {harmless(line)}" for line in credit_lines(automaton)),
        picture_input=PICTURE_INPUT if filters else "",
        buffer_width=width,
        buffer_height=height,
        picture_width=2 * options.grid[0],
        picture_height=2 * options.grid[1],
    )
    files = {
        CELLS_FILE: HOST.commented_shader("touchdesigner_cells.frag", automaton, options),
        PICTURE_FILE: HOST.commented_shader("touchdesigner_picture.frag", automaton, options),
        READ_ME: read_me,
    }
    return {name: text.encode() for name, text in files.items()}


TARGET = Target(
    name="touchdesigner",
    title="TouchDesigner",
    summary="two GLSL TOPs and how to connect them",
    export=export,
    opens=READ_ME,
    options=("grid", "random_seed"),
)
