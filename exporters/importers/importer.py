"""What an importer gives back: automata of other programs as Lichen's own, and what was lost."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exporters.automaton import Automaton

Weight = NDArray[np.float32]

# Whether a first layer reads all filters of channel 0 and then those of channel 1 ("channels"),
# or all channels through the first filter and then through the second ("filters").
Order = Literal["channels", "filters"]

# How much of each of our four filters another program's filter holds.
IDENTITY = (1.0, 0.0, 0.0, 0.0)
SOBEL_X = (0.0, 1.0, 0.0, 0.0)
SOBEL_Y = (0.0, 0.0, 1.0, 0.0)
LAPLACIAN = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Imported:
    """An automaton, and one sentence on everything that could not be carried over or is a guess."""

    automaton: Automaton
    notes: tuple[str, ...]


def perception_matrix(filters: ArrayLike, channels: int, order: Order) -> Weight:
    """How another program perceives, in terms of our own perceived vector.

    For `filters` [count, 4] it is a matrix [count * channels, 4 * channels]. Row i says what the
    program's input i is made of, so that its first layer times this matrix reads what we perceive.
    """
    mixture = np.asarray(filters, np.float32)
    matrix = np.kron(np.eye(channels, dtype=np.float32), mixture)
    if order == "filters":
        count = len(mixture)
        matrix = matrix.reshape(channels, count, -1).swapaxes(0, 1).reshape(matrix.shape)
    return matrix
