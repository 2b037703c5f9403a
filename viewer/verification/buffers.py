"""Float buffers that hosts draw into frame by frame, and the state that lies in one in tiles."""

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.alive import alive_cells
from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, texture_count
from exporters.content import example_picture
from exporters.targets.tiled import RECORD_ROWS, TiledHost
from viewer.programs import draw, programs_of
from viewer.state_textures import create_framebuffer

# Half of what layout.glsl calls DEAD.
DEAD_ALPHA = 30000.0


class Buffer:
    """Two RGBA32F textures that take turns: a pass reads the last frame and draws the next."""

    def __init__(self, context: moderngl.Context, size: tuple[int, int]) -> None:
        self.size = size
        self._textures = [context.texture(size, 4, dtype="f4") for _ in range(2)]
        for texture in self._textures:
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
            texture.repeat_x = texture.repeat_y = False
            texture.write(bytes(16 * size[0] * size[1]))
        self._framebuffers = [create_framebuffer(context, [texture]) for texture in self._textures]

    @property
    def texture(self) -> moderngl.Texture:
        """What was drawn last."""
        return self._textures[0]

    def draw(
        self, source: str, inputs: dict[str, moderngl.Texture], uniforms: dict[str, Any]
    ) -> None:
        """Draw a fragment shader over the other texture, which is then the last drawn.

        Raises:
            LichenError: the shader does not compile.
        """
        program = programs_of(self._framebuffers[0].ctx).fullscreen(source)
        for unit, texture in enumerate(inputs.values()):
            texture.use(unit)
        units = {name: unit for unit, name in enumerate(inputs)}
        self._framebuffers[1].use()
        draw(program, **units, **uniforms)
        self._textures.reverse()
        self._framebuffers.reverse()

    def resized(self, context: moderngl.Context, size: tuple[int, int]) -> "Buffer":
        """A buffer of another size that holds the same texels as far as it reaches."""
        other = Buffer(context, size)
        texels = np.zeros((size[1], size[0], 4), np.float32)
        mine = self.read()[: size[1], : size[0]]
        texels[: mine.shape[0], : mine.shape[1]] = mine
        other.texture.write(texels)
        return other

    def read(self) -> NDArray[np.float32]:
        """The texels that were drawn last, [height, width, 4]."""
        width, height = self.size
        return np.frombuffer(self.texture.read(), np.float32).reshape(height, width, 4)


def example_texture(context: moderngl.Context, grid: tuple[int, int]) -> moderngl.Texture:
    """What a filter is shown where nobody gave it a picture, a pixel a cell, its top row last."""
    width, height = grid
    texels = np.ascontiguousarray(example_picture(height, width)[::-1])
    texture = context.texture(grid, 3, texels, dtype="f4")
    texture.repeat_x = texture.repeat_y = False
    return texture


def read_tiles(
    texels: NDArray[np.float32], automaton: Automaton, host: TiledHost, grid: tuple[int, int]
) -> NDArray[np.float32]:
    """The state [channels, h, w] in a buffer [height, width, 4] that lies as layout.glsl says."""
    (across, _), (width, height) = host.tiles(automaton), grid
    parts = []
    for tile in range(texture_count(automaton.channels)):
        left, bottom = tile % across * width, tile // across * height + RECORD_ROWS
        parts.append(texels[bottom : bottom + height, left : left + width].transpose(2, 0, 1))
    state = np.concatenate(parts)[: automaton.channels]
    if not automaton.alive_masking:
        return state
    # The next step would mask these cells when it reads them.
    lives = alive_cells(state) & (state[CHANNELS_PER_TEXTURE - 1] < DEAD_ALPHA)
    return np.where(lives, state, np.float32(0))
