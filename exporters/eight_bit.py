"""The step on a state of bytes, as web pages run it where no texture of fractions can be drawn to.

Byte b stands for (b - 127) * 4 / 255, so that values reach from -1.99 to 2.01 with zero among
them. After each step every channel is rounded up or down by chance, as its fraction says: with
plain rounding, changes of less than half a byte would be lost for ever. The chance comes from the
update mask's hash; shaders/state_format.glsl is the twin in GLSL.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exporters import reference
from exporters.alive import alive_cells
from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, texture_count
from exporters.doctor import examine, quick_watch
from exporters.live_step import LiveStep
from exporters.stability import Watch
from exporters.update_mask import cell_hash, pcg, update_mask

RANGE = 4.0
LARGEST_BYTE = 255
ZERO_BYTE = 127
UNIT = RANGE / LARGEST_BYTE
# Two seconds for 12 channels and 96 hidden units, where the doctor's quick watch takes eleven.
GLANCE = Watch((48,), settled_steps=250, old_steps=500, healing_steps=200)


def needs_float(automaton: Automaton) -> bool:
    """Whether the doctor's quick watch finds it unsound in 8 bits; always the same answer.

    Most automata look sound on a watch so short that the quick one is spared them. On grids that
    small some good ones look bad, hence the second opinion.
    """
    stepper = EightBitStepper(automaton)
    limited = replace(automaton, clamp=_limits(automaton))
    watches = (GLANCE, quick_watch(automaton))
    verdicts = (examine(limited, stepper, watch).verdict for watch in watches)
    return not any(verdict.is_sound for verdict in verdicts)


def nearest(state: NDArray[np.float32]) -> NDArray[np.float32]:
    """What bytes make of a state of any shape that nobody has stepped yet: a seed, a colour."""
    return _round_down(state, np.float32(0.5))


def by_chance(state: NDArray[np.float32], step_index: int, random_seed: int) -> NDArray[np.float32]:
    """What bytes make of a state [channels, h, w] that this step has led to."""
    channels, height, width = state.shape
    hashed = cell_hash(width, height, step_index, random_seed)
    parts = np.arange(CHANNELS_PER_TEXTURE, dtype=np.uint32)[:, None, None] * np.uint32(8)
    with np.errstate(over="ignore"):
        noise = [pcg(hashed + np.uint32(k)) >> parts for k in range(texture_count(channels))]
    chance = np.concatenate(noise)[:channels] & np.uint32(LARGEST_BYTE)
    return _round_down(state, (chance.astype(np.float32) + np.float32(0.5)) / np.float32(256))


def step(
    automaton: Automaton, state: NDArray[np.float32], step_index: int, random_seed: int
) -> NDArray[np.float32]:
    """Advance a state [channels, h, w] of representable values once, hashed mask and all.

    Raises:
        LichenError: the state has another shape than the automaton asks for.
    """
    _, height, width = state.shape
    fires = update_mask(width, height, step_index, random_seed, automaton.update_rate)
    unmasked = reference.step(replace(automaton, alive_masking=False), state, fires)
    return _finish(automaton, state, unmasked, step_index, random_seed)


def run(
    automaton: Automaton, state: NDArray[np.float32], steps: int, random_seed: int = 0
) -> NDArray[np.float32]:
    """Advance any state [channels, h, w] by so many steps, from step 0.

    Raises:
        LichenError: the state has another shape than the automaton asks for.
    """
    state = nearest(state)
    for step_index in range(steps):
        state = step(automaton, state, step_index, random_seed)
    return state


class EightBitStepper:
    """Runs an automaton for the doctor, an `exporters.stability.Stepper`; faster than `step`."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._unmasked = replace(automaton, alive_masking=False)
        self._grids: dict[tuple[int, ...], LiveStep] = {}
        self._step_index = 0

    def __call__(self, state: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Advance a copy of a state [channels, h, w] by so many steps, with fresh masks."""
        channels, height, width = state.shape
        if (height, width) not in self._grids:
            self._grids[height, width] = LiveStep(self._unmasked, width, height)
        live = self._grids[height, width]
        padding = ((0, -channels % CHANNELS_PER_TEXTURE), (0, 0), (0, 0))
        state = nearest(state)
        for step_index in range(self._step_index, self._step_index + steps):
            texels = np.pad(state, padding).reshape(-1, CHANNELS_PER_TEXTURE, height, width)
            live.state[...] = texels.transpose(0, 2, 3, 1)
            live.step(step_index, random_seed=0)
            unmasked = live.state.transpose(0, 3, 1, 2).reshape(-1, height, width)[:channels]
            state = _finish(self._automaton, state, unmasked, step_index, 0)
        self._step_index += steps
        return state


def _limits(automaton: Automaton) -> tuple[float, float]:
    """Where values end: the doctor counts the cells that lie there, as for any clamp."""
    low, high = automaton.clamp or (-RANGE, RANGE)
    half = UNIT / 2
    return max(low, half - ZERO_BYTE * UNIT), min(high, (LARGEST_BYTE - ZERO_BYTE) * UNIT - half)


def _finish(
    automaton: Automaton,
    old: NDArray[np.float32],
    unmasked: NDArray[np.float32],
    step_index: int,
    random_seed: int,
) -> NDArray[np.float32]:
    """Round what the layers have made of the old state, and wipe out what is not alive."""
    new_state = by_chance(unmasked, step_index, random_seed)
    if automaton.alive_masking:
        survives = alive_cells(old) & alive_cells(new_state)
        new_state = np.where(survives, new_state, np.float32(0))
    return new_state


def _round_down(
    state: NDArray[np.float32], more: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    """The representable values next below `state`, plus a share `more` of a unit."""
    levels = np.floor(state * np.float32(1 / UNIT) + np.float32(ZERO_BYTE) + more)
    rounded: NDArray[np.float32] = levels.clip(0, LARGEST_BYTE) - np.float32(ZERO_BYTE)
    return rounded * np.float32(UNIT)
