"""Undo: the states before the last strokes and clears."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

LARGEST_HISTORY = 20
LARGEST_HALF = np.float32(np.finfo(np.float16).max)


class History:
    """The last states [channels, height, width], newest last.

    They are kept in half precision, which nobody can see and which halves the memory.
    """

    def __init__(self) -> None:
        self._states: deque[NDArray[np.float16]] = deque(maxlen=LARGEST_HISTORY)

    def __len__(self) -> int:
        return len(self._states)

    def record(self, state: NDArray[np.float32]) -> None:
        """Keep a copy of the state as it is before a change; the oldest one may go."""
        self._states.append(np.clip(state, -LARGEST_HALF, LARGEST_HALF).astype(np.float16))

    def undo(self) -> NDArray[np.float32] | None:
        """Take the newest state back, or None where nothing is left."""
        return self._states.pop().astype(np.float32) if self._states else None

    def clear(self) -> None:
        """Forget everything: another automaton or grid cannot take these states."""
        self._states.clear()
