"""Two sets of textures that take turns: a step reads the one and writes the other."""

import moderngl

from viewer.state_textures import create_framebuffer, create_textures


class Turns:
    """The state of one grid on the graphics card, and room for the next state."""

    def __init__(self, context: moderngl.Context, channels: int, width: int, height: int) -> None:
        self._sets = [create_textures(context, channels, width, height) for _ in range(2)]
        self._framebuffers = [create_framebuffer(context, textures) for textures in self._sets]
        self._current = 0

    @property
    def textures(self) -> list[moderngl.Texture]:
        """The current state, channels 4k to 4k + 3 in texture k."""
        return self._sets[self._current]

    @property
    def framebuffer(self) -> moderngl.Framebuffer:
        """Draws into the current state."""
        return self._framebuffers[self._current]

    def swap(self) -> None:
        """Make the other set the current one."""
        self._current = 1 - self._current

    def release(self) -> None:
        """Give the textures back."""
        for framebuffer in self._framebuffers:
            framebuffer.release()
        for texture in self._sets[0] + self._sets[1]:
            texture.release()
