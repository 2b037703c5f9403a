"""How a simulation advances: by a shader baked from its weights, or by weights as they arrive."""

from functools import partial
from typing import Any, Protocol

import moderngl
import numpy as np

from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, LARGEST_TEXTURES, bake
from exporters.live_step import LiveStep
from viewer.programs import ReloadingProgram, draw
from viewer.state_textures import create_framebuffer, create_textures
from viewer.turns import Turns

TILE_CELLS = 16
# The first units hold a state, channels 4k to 4k + 3 in unit k.
BEFORE_UNIT = LARGEST_TEXTURES
TILES_UNIT = LARGEST_TEXTURES + 1


class Stepper(Protocol):
    """Advances the state that lies in the textures of a grid."""

    def advance(self, turns: Turns, first_step: int, count: int, random_seed: int) -> None:
        """Make the steps first_step, first_step + 1, ..., so many."""

    def forget_state(self) -> None:
        """The state was changed by somebody else since the last step."""

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good one stays."""


class BakedStepper:
    """The fastest: the weights are literals of a shader, which takes a second to compile."""

    def __init__(self, context: moderngl.Context, automaton: Automaton) -> None:
        """Raises LichenError where the automaton is too large to bake."""
        self._program = ReloadingProgram(context, "step.frag", build=lambda: bake(automaton))

    def advance(self, turns: Turns, first_step: int, count: int, random_seed: int) -> None:
        """Draw once for every step."""
        for step_index in range(first_step, first_step + count):
            old = turns.textures
            turns.swap()
            turns.framebuffer.use()
            _draw_step(self._program, old, step_index, random_seed)

    def forget_state(self) -> None:
        """The state lies in the textures alone."""

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good one stays."""
        return self._program.poll_changes()


class MaskedStepper:
    """For alive masking: a baked step into textures of its own, then a pass that wipes out.

    Both run over the tiles of the grid that life can reach alone: most of it is empty.
    """

    def __init__(
        self, context: moderngl.Context, automaton: Automaton, width: int, height: int
    ) -> None:
        """Raises LichenError where the automaton is too large to bake."""
        self._find_tiles = ReloadingProgram(context, "alive_tiles.frag")
        build = partial(bake, automaton)
        self._step = ReloadingProgram(context, "step.frag", "tiles.vert", build)
        self._mask = ReloadingProgram(context, "alive.frag", "tiles.vert")
        self._after = create_textures(context, automaton.channels, width, height)
        self._after_framebuffer = create_framebuffer(context, self._after)
        self._tiles = context.texture((-(-width // TILE_CELLS), -(-height // TILE_CELLS)), 1)
        self._tiles_framebuffer = create_framebuffer(context, [self._tiles])
        self._marked: dict[str, Any] = {
            "vertices": 6,
            "instances": self._tiles.width * self._tiles.height,
            "marked_tiles": TILES_UNIT,
            "tile_cells": TILE_CELLS,
            "grid_cells": (width, height),
        }

    def advance(self, turns: Turns, first_step: int, count: int, random_seed: int) -> None:
        """Draw three times for every step."""
        self._tiles.use(TILES_UNIT)
        for step_index in range(first_step, first_step + count):
            before = turns.textures
            before[0].use(BEFORE_UNIT)
            self._tiles_framebuffer.use()
            draw(self._find_tiles.vertex_array, before=BEFORE_UNIT, tile_cells=TILE_CELLS)
            self._after_framebuffer.use()
            _draw_step(self._step, before, step_index, random_seed, **self._marked)
            turns.swap()
            turns.framebuffer.use()
            turns.framebuffer.clear()
            for unit, texture in enumerate(self._after):
                texture.use(unit)
            last = len(self._after) - 1
            after = [min(unit, last) for unit in range(LARGEST_TEXTURES)]
            draw(self._mask.vertex_array, before=BEFORE_UNIT, after=after, **self._marked)

    def forget_state(self) -> None:
        """The state lies in the textures alone."""

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        programs = (self._find_tiles, self._step, self._mask)
        return next(filter(None, [program.poll_changes() for program in programs]), None)


class LiveStepper:
    """Steps on the processor, with weights that may change at any moment; for small grids.

    The textures stay what everybody else paints on and shows: each step is uploaded, and the
    state is downloaded again after somebody painted.
    """

    def __init__(self, automaton: Automaton, width: int, height: int) -> None:
        self._live = LiveStep(automaton, width, height)
        self._knows_state = False

    def advance(self, turns: Turns, first_step: int, count: int, random_seed: int) -> None:
        """Compute the steps and upload the last one."""
        if not count:
            return
        if not self._knows_state:
            self._download(turns)
        for step_index in range(first_step, first_step + count):
            self._live.step(step_index, random_seed)
        for texture, texels in zip(turns.textures, self._live.state, strict=True):
            texture.write(np.ascontiguousarray(texels))

    def forget_state(self) -> None:
        """Download the state before the next step."""
        self._knows_state = False

    def poll_changes(self) -> str | None:
        """There is no shader to follow."""
        return None

    def _download(self, turns: Turns) -> None:
        for texture, texels in zip(turns.textures, self._live.state, strict=True):
            read = np.frombuffer(texture.read(), np.float32)
            texels[:] = read.reshape(*texels.shape[:2], CHANNELS_PER_TEXTURE)
        self._knows_state = True


def create_stepper(
    context: moderngl.Context, automaton: Automaton, width: int, height: int, live: bool
) -> Stepper:
    """What advances an automaton. Raises LichenError where it is too large to bake."""
    if live:
        return LiveStepper(automaton, width, height)
    if automaton.alive_masking:
        return MaskedStepper(context, automaton, width, height)
    return BakedStepper(context, automaton)


def _draw_step(
    program: ReloadingProgram,
    old: list[moderngl.Texture],
    step_index: int,
    random_seed: int,
    **others: Any,
) -> None:
    for unit, texture in enumerate(old):
        texture.use(unit)
    draw(
        program.vertex_array,
        state=range(len(old)),
        step_index=step_index & 0xFFFFFFFF,
        random_seed=random_seed & 0xFFFFFFFF,
        **others,
    )
