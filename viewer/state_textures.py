"""A state [channels, height, width] as float textures, four channels each."""

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.baker import CHANNELS_PER_TEXTURE, texture_count


def create_textures(
    context: moderngl.Context, channels: int, width: int, height: int
) -> list[moderngl.Texture]:
    """Empty RGBA32F textures that wrap around; texel row 0 is the picture's top row."""
    textures = []
    for _ in range(texture_count(channels)):
        texture = context.texture((width, height), CHANNELS_PER_TEXTURE, dtype="f4")
        texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        texture.repeat_x = texture.repeat_y = True
        textures.append(texture)
    return textures


def create_framebuffer(
    context: moderngl.Context, textures: list[moderngl.Texture]
) -> moderngl.Framebuffer:
    """A framebuffer that draws into the textures."""
    framebuffer = context.framebuffer(textures)
    # moderngl then binds what was bound before; if that is gone, OpenGL remembers an error, and
    # the user interface would stumble over it.
    _ = context.error
    return framebuffer


def write_textures(
    textures: list[moderngl.Texture], state: NDArray[np.float32], corner: tuple[int, int] = (0, 0)
) -> None:
    """Upload a state [channels, height, width] with its top left corner in a cell (x, y).

    Channels beyond its own become zero.
    """
    channels, height, width = state.shape
    padded = np.zeros((len(textures), CHANNELS_PER_TEXTURE, height, width), np.float32)
    padded.reshape(-1, height, width)[:channels] = state
    for texture, part in zip(textures, padded, strict=True):
        texels = np.ascontiguousarray(part.transpose(1, 2, 0))
        texture.write(texels, viewport=(*corner, width, height))


def read_textures(textures: list[moderngl.Texture], channels: int) -> NDArray[np.float32]:
    """Download the first `channels` channels, [channels, height, width]."""
    width, height = textures[0].size
    state = np.empty((channels, height, width), np.float32)
    for index, texture in enumerate(textures[: texture_count(channels)]):
        texels = np.frombuffer(texture.read(), np.float32).reshape(height, width, -1)
        part = state[index * CHANNELS_PER_TEXTURE : (index + 1) * CHANNELS_PER_TEXTURE]
        part[:] = texels.transpose(2, 0, 1)[: len(part)]
    return state
