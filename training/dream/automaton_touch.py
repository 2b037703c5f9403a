"""A gallery automaton goes over every frame: the two halves of Lichen meet."""

import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE
from exporters.doctor import is_form
from exporters.errors import LichenError
from exporters.live_step import LiveStep
from training.dream.camera import Picture, resize
from training.dream.dreamer import Dreamer
from training.dream.journey import FrameSettings

MOST_STEPS = 1_000
# What the automaton's other channels are taken from: a grid of its own that has settled.
SETTLED_SIDE_CELLS = 64
SETTLING_STEPS = 300
# Shapes larger than this stay the frame's, and so do their colours; what is smaller is grain.
GRAIN_PIXELS = 8


class AutomatonTouched:
    """Lets another dreamer dream, then an automaton take some steps on what came out."""

    def __init__(self, dreamer: Dreamer, automaton: Automaton, steps: int) -> None:
        """`automaton` is to fill its grid; it takes `steps` steps on every frame.

        Raises:
            LichenError: it is a form, shows no plain colours, or the steps are none or too many.
        """
        if is_form(automaton) or automaton.display != "rgb+0.5" or automaton.content_channels:
            raise LichenError(
                f"{automaton.name} cannot go over a frame, since it is no texture in colours; "
                "choose one that fills its grid, such as coral."
            )
        if not 1 <= steps <= MOST_STEPS:
            raise LichenError(f"an automaton takes 1 to {MOST_STEPS} steps a frame, not {steps}.")
        self.description = f"{dreamer.description}, touched by {automaton.name}"
        self._dreamer, self._automaton, self._steps = dreamer, automaton, steps
        self._settled = _settled_texels(automaton)

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The other dreamer's frame [h, w, 3] with the automaton's grain, as firmly as strength."""
        picture = self._dreamer.dream(frame, settings)
        if settings.strength == 0:
            return picture
        height, width = picture.shape[:2]
        # The colours say where the shapes are, the settled rest what grain they shall have.
        live = LiveStep(self._automaton, width, height)
        rows, columns = (np.arange(side) % SETTLED_SIDE_CELLS for side in (height, width))
        live.state[:] = self._settled[:, rows[:, None], columns]
        live.state[0, ..., :3] = picture - np.float32(0.5)
        for step in range(self._steps):
            live.step(step, settings.random_seed)
        change = np.clip(live.state[0, ..., :3] + np.float32(0.5), 0, 1) - picture
        grain = change - _without_grain(change)
        touched: Picture = np.clip(picture + np.float32(settings.strength) * grain, 0, 1)
        return touched


def _settled_texels(automaton: Automaton) -> NDArray[np.float32]:
    """A settled state as `LiveStep` holds it, [textures, side, side, 4]."""
    side = SETTLED_SIDE_CELLS
    live = LiveStep(automaton, side, side)
    for channel, values in enumerate(automaton.start_state(side, side)):
        texture, place = divmod(channel, CHANNELS_PER_TEXTURE)
        live.state[texture, ..., place] = values
    for step in range(SETTLING_STEPS):
        live.step(step, 0)
    return live.state.copy()


def _without_grain(picture: Picture) -> Picture:
    """Only what is larger than a grain."""
    height, width = picture.shape[:2]
    small = tuple(max(1, round(side / GRAIN_PIXELS)) for side in (width, height))
    return resize(resize(picture, (small[0], small[1])), (width, height))
