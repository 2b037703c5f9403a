"""Alive masking: cells with no living neighbour are wiped out, so that a form has an outside.

Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020).
"""

import numpy as np
from numpy.typing import NDArray

ALPHA_CHANNEL = 3
# A cell is alive where alpha exceeds this in the cell itself or in one of its eight neighbours.
ALIVE_THRESHOLD = 0.1


def alive_cells(state: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which cells of a state [channels, h, w] on the torus are alive, bool [h, w]."""
    mature = state[ALPHA_CHANNEL] > np.float32(ALIVE_THRESHOLD)
    near = mature | np.roll(mature, 1, 0) | np.roll(mature, -1, 0)
    alive: NDArray[np.bool_] = near | np.roll(near, 1, 1) | np.roll(near, -1, 1)
    return alive
