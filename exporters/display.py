"""From state to picture: the numpy form of what the display shader shows; and back."""

import numpy as np
from numpy.typing import NDArray

from exporters.alive import ALPHA_CHANNEL
from exporters.automaton import Automaton


def picture(automaton: Automaton, state: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Show a state [channels, h, w] as sRGB bytes [h, w, 3], one pixel a cell.

    Values are sRGB-encoded already and shown as they are.
    """
    if automaton.display == "rgb+0.5":
        colour = state[:3] + 0.5
    elif automaton.display == "grey":
        colour = np.repeat(state[:1] + 0.5, 3, axis=0)
    else:
        alpha = np.clip(state[3:4], 0, 1)
        colour = 1 - alpha + state[:3]
    levels = np.clip(colour, 0, 1).transpose(1, 2, 0) * 255
    return np.asarray(levels + 0.5, np.uint8)


def coloured_state(automaton: Automaton, colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """A state [channels, h, w] that shows colours [h, w, 3], 0 to 1, and is zero else.

    Where cells can die, all of them live; a grey display shows red alone.
    """
    height, width = colours.shape[:2]
    state = np.zeros((max(automaton.channels, 3), height, width), np.float32)
    is_over_white = automaton.display == "premultiplied rgba over white"
    state[:3] = colours.transpose(2, 0, 1) - np.float32(0 if is_over_white else 0.5)
    if is_over_white or automaton.alive_masking:
        state[ALPHA_CHANNEL] = 1
    return state[: automaton.channels]
