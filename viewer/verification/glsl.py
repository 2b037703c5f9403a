"""Verify `glsl`: its shaders, run as the read-me says."""

from pathlib import Path
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.baker import LARGEST_TEXTURES
from exporters.errors import LichenError
from exporters.targets.glsl import DESKTOP_FOLDER
from viewer.programs import draw, explain_error
from viewer.state_textures import create_framebuffer, create_textures, read_textures, write_textures
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification


def verify(export: Export) -> list[Verification]:
    """Run the desktop shaders; those for browsers are the same but for their first line."""
    return [export.compare("OpenGL", run(export, VERIFIED_STEPS))]


def run(export: Export, steps: int, folder: str = DESKTOP_FOLDER) -> NDArray[np.float32]:
    """What the shaders of a folder make of the seed, [channels, height, width].

    Raises:
        LichenError: a shader does not compile.
    """
    context, state = export.create_context(), export.seed_state()
    masks = export.automaton.alive_masking
    step = compile_shader(context, export.path / folder, "step.frag")
    alive = compile_shader(context, export.path / folder, "alive.frag") if masks else None
    channels, height, width = state.shape
    current, other, unmasked = (Textures(context, channels, width, height) for _ in range(3))
    write_textures(current.textures, state)
    for step_index in range(steps):
        counters = {"step_index": step_index, "random_seed": export.options.random_seed}
        following = unmasked if masks else other
        following.fill(step, current.textures, {"state": range(len(current.textures)), **counters})
        if alive is not None:
            inputs = [current.textures[0], *unmasked.textures]
            units = [min(unit, len(unmasked.textures)) for unit in range(1, 1 + LARGEST_TEXTURES)]
            other.fill(alive, inputs, {"before": 0, "after": units})
        current, other = other, current
    return read_textures(current.textures, channels)


def compile_shader(context: moderngl.Context, folder: Path, name: str) -> moderngl.VertexArray:
    """A fragment shader of the folder, with the folder's own vertex shader.

    Raises:
        LichenError: it does not compile.
    """
    vertex, fragment = ((folder / file).read_text("utf-8") for file in ("fullscreen.vert", name))
    try:
        program = context.program(vertex_shader=vertex, fragment_shader=fragment)
    except moderngl.Error as error:
        raise LichenError(explain_error(fragment, str(error))) from error
    return context.vertex_array(program, [])


class Textures:
    """The textures of a state and what draws into all of them."""

    def __init__(self, context: moderngl.Context, channels: int, width: int, height: int) -> None:
        self.textures = create_textures(context, channels, width, height)
        self._framebuffer = create_framebuffer(context, self.textures)

    def fill(
        self,
        program: moderngl.VertexArray,
        inputs: list[moderngl.Texture],
        uniforms: dict[str, Any],
    ) -> None:
        """Draw over everything; inputs lie in units 0, 1, ..."""
        for unit, texture in enumerate(inputs):
            texture.use(unit)
        self._framebuffer.use()
        draw(program, **uniforms)
