"""Verify `isf`: the cells' pass, run by ISF's rules in OpenGL.

ISF declares the inputs as uniforms and gives its own names to fetches and sizes; here they are
macros. The tests run the whole file in the package `interactive-shader-format`, in a browser.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporters.targets.isf import BUFFER, HOST
from viewer.verification import arithmetic
from viewer.verification.buffers import Buffer, example_texture, read_tiles
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

GLSL_TYPES = {
    "float": "float",
    "bool": "bool",
    "event": "bool",
    "point2D": "vec2",
    "image": "sampler2D",
}
RULES = f"""
uniform int PASSINDEX;
uniform vec2 RENDERSIZE;
uniform sampler2D {BUFFER};
#define isf_FragNormCoord (gl_FragCoord.xy / RENDERSIZE)
#define IMG_NORM_PIXEL(image, position) texture(image, position)
#define IMG_SIZE(image) vec2(textureSize(image, 0))
#define gl_FragColor pixel
layout(location = 0) out vec4 pixel;
"""


def verify(export: Export) -> list[Verification]:
    """Run the file, and hold it to the reference with its own update mask."""
    return [arithmetic.compare(export, "OpenGL, by ISF's rules", run(export, VERIFIED_STEPS))]


def run(export: Export, steps: int) -> NDArray[np.float32]:
    """What the persistent buffer holds after so many steps, [channels, height, width]."""
    context = export.create_context()
    source, uniforms = translate(export.path)
    size = HOST.buffer_texels(export.automaton, export.options.grid)
    buffer = Buffer(context, size)
    # Also what could erase, but does not.
    picture = example_texture(context, export.options.grid)
    for _ in range(1 + steps):  # the first frame seeds
        images = {name: picture for name, value in uniforms.items() if value is None}
        values = {name: value for name, value in uniforms.items() if value is not None}
        values |= {"PASSINDEX": 0, "RENDERSIZE": size}
        buffer.draw(source, {BUFFER: buffer.texture, **images}, values)
    return read_tiles(buffer.read(), export.automaton, HOST, export.options.grid)


def translate(path: Path) -> tuple[str, dict[str, Any]]:
    """The file as GLSL for a core context, and its inputs' values; images have None."""
    head, _, body = path.read_text("utf-8").removeprefix("/*").partition("*/")
    inputs = json.loads(head)["INPUTS"]
    lines = [f"uniform {GLSL_TYPES[entry['TYPE']]} {entry['NAME']};\n" for entry in inputs]
    values = {
        entry["NAME"]: None if entry["TYPE"] == "image" else entry.get("DEFAULT", False)
        for entry in inputs
    }
    return "#version 330 core\n" + "".join(lines) + RULES + body, values
