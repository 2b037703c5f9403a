"""Undo: the states before the last strokes and clears."""

import numpy as np
from numpy.typing import NDArray

LARGEST_HISTORY = 20
LARGEST_HALF = np.float32(np.finfo(np.float16).max)


class History:
    """The last states [channels, height, width] of one grid.

    They are kept in half precision, which nobody can see, in a ring that is one allocation: the
    system takes it back whole when the history is cleared.
    """

    def __init__(self) -> None:
        self._ring: NDArray[np.float16] | None = None
        self._next = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def record(self, state: NDArray[np.float32]) -> None:
        """Keep a copy of the state as it is before a change; the oldest one may go."""
        if self._ring is None or self._ring.shape[1:] != state.shape:
            self.clear()
            self._ring = np.empty((LARGEST_HISTORY, *state.shape), np.float16)
        self._ring[self._next] = np.clip(state, -LARGEST_HALF, LARGEST_HALF)
        self._next = (self._next + 1) % LARGEST_HISTORY
        self._count = min(self._count + 1, LARGEST_HISTORY)

    def undo(self) -> NDArray[np.float32] | None:
        """Take the newest state back, or None where nothing is left."""
        if self._ring is None or not self._count:
            return None
        self._next = (self._next - 1) % LARGEST_HISTORY
        self._count -= 1
        return np.asarray(self._ring[self._next], np.float32)

    def clear(self) -> None:
        """Forget everything: another automaton or grid cannot take these states."""
        self._ring, self._next, self._count = None, 0, 0
