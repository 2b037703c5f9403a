"""From state to picture: the numpy form of what the display shader shows."""

import numpy as np
from numpy.typing import NDArray

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
