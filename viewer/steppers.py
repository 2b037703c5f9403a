"""How a simulation advances: by a shader baked from its weights, or by weights as they arrive."""

from typing import Protocol

import moderngl
import numpy as np

from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, LARGEST_TEXTURES, bake
from viewer.live_step import LiveStep
from viewer.programs import ReloadingProgram, draw
from viewer.state_textures import create_framebuffer, create_textures
from viewer.turns import Turns


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
            _draw_step(self._program, old, turns.framebuffer, step_index, random_seed)

    def forget_state(self) -> None:
        """The state lies in the textures alone."""

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good one stays."""
        return self._program.poll_changes()


class MaskedStepper:
    """For alive masking: a baked step into textures of its own, then a pass that wipes out."""

    def __init__(
        self, context: moderngl.Context, automaton: Automaton, width: int, height: int
    ) -> None:
        """Raises LichenError where the automaton is too large to bake."""
        self._step = ReloadingProgram(context, "step.frag", build=lambda: bake(automaton))
        self._mask = ReloadingProgram(context, "alive.frag")
        self._after = create_textures(context, automaton.channels, width, height)
        self._after_framebuffer = create_framebuffer(context, self._after)

    def advance(self, turns: Turns, first_step: int, count: int, random_seed: int) -> None:
        """Draw twice for every step."""
        last = len(self._after) - 1
        for step_index in range(first_step, first_step + count):
            before = turns.textures
            _draw_step(self._step, before, self._after_framebuffer, step_index, random_seed)
            turns.swap()
            turns.framebuffer.use()
            for unit, texture in enumerate(self._after):
                texture.use(unit)
            before[0].use(LARGEST_TEXTURES)
            draw(
                self._mask.vertex_array,
                before=LARGEST_TEXTURES,
                after=[min(unit, last) for unit in range(LARGEST_TEXTURES)],
            )

    def forget_state(self) -> None:
        """The state lies in the textures alone."""

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        return self._step.poll_changes() or self._mask.poll_changes()


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
    target: moderngl.Framebuffer,
    step_index: int,
    random_seed: int,
) -> None:
    for unit, texture in enumerate(old):
        texture.use(unit)
    target.use()
    draw(
        program.vertex_array,
        state=range(len(old)),
        step_index=step_index & 0xFFFFFFFF,
        random_seed=random_seed & 0xFFFFFFFF,
    )
