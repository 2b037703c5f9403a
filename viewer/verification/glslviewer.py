"""Verify `glslviewer`: the shader, run by glslViewer's documented rules in OpenGL.

glslViewer compiles the file twice, with `DOUBLE_BUFFER_0` defined and without. The first draws into
a double buffer of floats, whose size stands in a comment; the second draws the window.
"""

import re
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.targets.glslviewer import HOST
from viewer.verification import arithmetic
from viewer.verification.buffers import Buffer, example_texture, read_tiles
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

BUFFER = "u_doubleBuffer0"
PICTURE = "u_tex0"
BUFFER_SIZE = re.compile(rf"uniform sampler2D {BUFFER}; // (\d+)x(\d+)")


def verify(export: Export) -> list[Verification]:
    """Run the shader, and hold it to the reference with its own update mask."""
    runtime = "OpenGL, by glslViewer's rules"
    return [arithmetic.compare(export, runtime, run(export, VERIFIED_STEPS))]


def run(export: Export, steps: int) -> NDArray[np.float32]:
    """What the double buffer holds after so many steps, [channels, height, width]."""
    context, grid = export.create_context(), export.options.grid
    player = Player(context, export.path, example_texture(context, grid))
    for _ in range(1 + steps):  # the first frame seeds
        player.draw_cells()
    return read_tiles(player.cells.read(), export.automaton, HOST, grid)


class Player:
    """Plays a shader with one double buffer, and a picture behind it on the command line."""

    def __init__(self, context: moderngl.Context, path: Path, picture: moderngl.Texture) -> None:
        """Raises LichenError where the file does not say the buffer's size."""
        self._context = context
        self._picture = picture
        self._source = path.read_text("utf-8")
        size = BUFFER_SIZE.search(self._source)
        if size is None:
            raise LichenError(f"{path} does not say how large {BUFFER} is; export it again.")
        self.cells = Buffer(context, (int(size[1]), int(size[2])))
        self._frame = 0

    def draw_cells(self, mouse: tuple[float, float] = (0, 0)) -> None:
        """Draw the double buffer's next frame; `mouse` in pixels from the bottom left."""
        source = modern(f"#define DOUBLE_BUFFER_0\n{self._source}")
        inputs = {BUFFER: self.cells.texture, PICTURE: self._picture}
        size = {f"{PICTURE}Resolution": self._picture.size}
        self.cells.draw(source, inputs, {"u_frame": self._frame, "u_mouse": mouse, **size})
        self._frame += 1

    def draw_window(self, size: tuple[int, int]) -> NDArray[np.float32]:
        """The window's colours, [height, width, 4], row 0 the lowest."""
        window = Buffer(self._context, size)
        window.draw(modern(self._source), {BUFFER: self.cells.texture}, {})
        return window.read()


def modern(source: str) -> str:
    """A shader in GLSL 1.20, in the words that a core context knows."""
    head = "#version 330 core\n#define texture2D texture\nlayout(location = 0) out vec4 pixel;\n"
    return head + source.replace("gl_FragColor", "pixel")
