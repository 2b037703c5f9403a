"""`three`: an ES module that makes the automaton a texture of three.js, with an example page."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from exporters.automaton import Automaton
from exporters.baker import bake, number_literal, texture_count
from exporters.content import EXAMPLE_PATH
from exporters.shader_source import BROWSER_VERSION, shader_source
from exporters.targets.comments import comment_lines
from exporters.targets.plain_text import credit_lines, one_line
from exporters.targets.target import ExportOptions, Files, Target
from exporters.targets.tiled import SEED_KINDS, SHOWN

FOLDER = Path(__file__).parent / "three"
# What the example of a filter looks at, and how.
PICTURE_FILE = "picture.jpg"
LOOK = f"""\
new THREE.TextureLoader().load("./{PICTURE_FILE}", (picture) => automaton.look(picture));
"""
LOOK_ROW = "| `automaton.look(texture)` | what it is to filter; for a film in every frame |\n"


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """The module, its shaders, and the example. Raises LichenError: no shader can hold it."""
    (automaton,) = automata
    is_filter = automaton.content_channels > 0
    width, height = options.grid
    texts = {
        "automaton.js": _read("automaton.js"),
        "shaders.js": _shaders(automaton),
        "index.html": _fill("index.html", name=escape(one_line(automaton.name))),
        "example.js": _fill(
            "example.js",
            width=width,
            height=height,
            random_seed=options.random_seed,
            steps_per_frame=options.steps_per_frame,
            look=LOOK if is_filter else "",
        ),
        "README.md": _fill(
            "README.md",
            credits="\n".join(f"    {line}" for line in credit_lines(automaton)),
            width=width,
            height=height,
            look_row=LOOK_ROW if is_filter else "",
        ),
    }
    files = {name: text.encode() for name, text in texts.items()}
    return files | ({PICTURE_FILE: EXAMPLE_PATH.read_bytes()} if is_filter else {})


def _shaders(automaton: Automaton) -> str:
    alive = f"`{_literal(_source('alive.frag'))}`" if automaton.alive_masking else "null"
    content = "null"
    if automaton.content_channels:
        content = f"`{_literal(_source('hosts/three_content.frag', automaton))}`"
    return _fill(
        "shaders.js",
        credits=comment_lines(automaton).rstrip(),
        channels=automaton.channels,
        textures=texture_count(automaton.channels),
        step=_literal(_without_version(bake(automaton, BROWSER_VERSION))),
        alive=alive,
        seed=_literal(_source("hosts/three_seed.frag", automaton)),
        erase=_literal(_source("hosts/three_erase.frag", automaton)),
        colour=_literal(_source("hosts/three_colour.frag", automaton)),
        content=content,
        fullscreen=_literal(_source("fullscreen.vert")),
    )


def _source(name: str, automaton: Automaton | None = None) -> str:
    """A shader as three.js wants it, which writes the version itself."""
    source = _without_version(shader_source(name, BROWSER_VERSION))
    return source if automaton is None else source.replace("#constants", _constants(automaton))


def _constants(automaton: Automaton) -> str:
    seed = automaton.seed
    return "\n".join(
        [
            f"#define CHANNELS {automaton.channels}u",
            f"#define TEXTURES {texture_count(automaton.channels)}",
            f"#define ERASE_VALUE {number_literal(automaton.erase_value)}",
            f"#define SEED_KIND {SEED_KINDS.index(seed.kind)} // {', '.join(SEED_KINDS)}",
            f"#define SEED_LOW {number_literal(seed.low)}",
            f"#define SEED_HIGH {number_literal(seed.high)}",
            f"#define SHOWN(channels) {SHOWN[automaton.display]}",
        ]
    )


def _without_version(source: str) -> str:
    return source.removeprefix(f"#version {BROWSER_VERSION}\n")


def _literal(text: str) -> str:
    """Text that may stand between the backticks of a JavaScript template."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$")


def _fill(file: str, /, **values: object) -> str:
    return Template(_read(file)).substitute(values)


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


TARGET = Target(
    name="three",
    title="three.js",
    summary="a module that makes it a texture, and an example",
    export=export,
    opens="index.html",
    options=("grid", "steps_per_frame", "random_seed"),
)
