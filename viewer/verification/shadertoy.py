"""Verify `shadertoy`: its JSON, run by Shadertoy's documented rules in OpenGL.

Buffers are drawn in order, then the image; who reads a buffer that was drawn already sees this
frame, who reads itself the last one. Buffers hold 32-bit floats and have the image's size.
"""

import json
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.targets.shadertoy import HOST, JSON_FILE
from viewer.verification.buffers import Buffer, example_texture, read_tiles
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

HEADER = """#version 330 core
uniform vec3 iResolution;
uniform float iTime;
uniform float iTimeDelta;
uniform int iFrame;
uniform vec4 iMouse;
uniform vec4 iDate;
uniform vec3 iChannelResolution[4];
uniform sampler2D iChannel0, iChannel1, iChannel2, iChannel3;
out vec4 pixel;
"""
FOOTER = """
void main() {
    vec4 colour = vec4(0.0);
    mainImage(colour, gl_FragCoord.xy);
    pixel = colour;
}
"""
FRAME_SECONDS = 1 / 60


def verify(export: Export) -> list[Verification]:
    """Run the JSON on a canvas that holds the grid of the options."""
    return [export.compare("OpenGL, by Shadertoy's rules", run(export, VERIFIED_STEPS))]


def run(export: Export, steps: int) -> NDArray[np.float32]:
    """What Buffer A holds after so many steps, [channels, height, width]."""
    context, grid = export.create_context(), export.options.grid
    size = HOST.buffer_texels(export.automaton, grid)
    player = Player(context, export.path / JSON_FILE, size, example_texture(context, grid))
    for _ in range(1 + steps):  # the first frame seeds
        player.draw()
    return read_tiles(player.read("Buffer A"), export.automaton, HOST, grid)


class Player:
    """Plays a Shadertoy from its JSON: passes named Common, Buffer A to D and Image."""

    def __init__(
        self,
        context: moderngl.Context,
        path: Path,
        size: tuple[int, int],
        webcam: moderngl.Texture,
    ) -> None:
        self._context = context
        self._webcam = webcam
        passes = json.loads(path.read_text("utf-8"))["Shader"]["renderpass"]
        self._common = "".join(part["code"] for part in passes if part["type"] == "common")
        # By name, "Buffer A" to "Image", is the order in which Shadertoy draws them.
        drawn = [part for part in passes if part["outputs"]]
        self._passes = sorted(drawn, key=lambda part: str(part["name"]))
        self._names = {part["outputs"][0]["id"]: part["name"] for part in self._passes}
        self._buffers = {name: Buffer(context, size) for name in self._names.values()}
        self._frame = 0

    def draw(self, mouse: tuple[float, float, float, float] = (0, 0, 0, 0)) -> None:
        """Draw a frame; `mouse` is iMouse. Raises LichenError if a pass does not compile."""
        for part in self._passes:
            inputs = {f"iChannel{entry['channel']}": self._input(entry) for entry in part["inputs"]}
            buffer = self._buffers[part["name"]]
            source = HEADER + self._common + "\n" + part["code"] + FOOTER
            buffer.draw(source, inputs, self._uniforms(buffer.size, mouse))
        self._frame += 1

    def resize(self, size: tuple[int, int]) -> None:
        """Change the canvas, as by full screen: buffers keep their texels where they are."""
        self._buffers = {
            name: buffer.resized(self._context, size) for name, buffer in self._buffers.items()
        }

    def read(self, name: str) -> NDArray[np.float32]:
        """What a pass drew last, [height, width, 4], row 0 the lowest."""
        return self._buffers[name].read()

    def _input(self, entry: dict[str, Any]) -> moderngl.Texture:
        is_webcam = entry["ctype"] == "webcam"
        texture = self._webcam if is_webcam else self._buffers[self._names[entry["id"]]].texture
        is_nearest = entry["sampler"]["filter"] == "nearest"
        texture.filter = (moderngl.NEAREST if is_nearest else moderngl.LINEAR,) * 2
        texture.repeat_x = texture.repeat_y = entry["sampler"]["wrap"] == "repeat"
        return texture

    def _uniforms(
        self, size: tuple[int, int], mouse: tuple[float, float, float, float]
    ) -> dict[str, Any]:
        return {
            "iResolution": (*size, 1.0),
            "iTime": self._frame * FRAME_SECONDS,
            "iTimeDelta": FRAME_SECONDS,
            "iFrame": self._frame,
            "iMouse": mouse,
        }
