"""The losses of a training, ready to be plotted."""

import numpy as np
from numpy.typing import NDArray

FIRST_CAPACITY = 1024


class LossCurve:
    """One loss for each iteration that was told, in rising order of iterations."""

    def __init__(self) -> None:
        self._points = np.empty((2, FIRST_CAPACITY))
        self._count = 0

    @property
    def iterations(self) -> NDArray[np.float64]:
        """Contiguous, [n]; a view, good until the next `append`."""
        return self._points[0, : self._count]

    @property
    def losses(self) -> NDArray[np.float64]:
        """Contiguous, [n]; a view, good until the next `append`."""
        return self._points[1, : self._count]

    def append(self, iteration: int, loss: float) -> None:
        """Add a point; a training that went back takes the points beyond with it."""
        self._count = int(np.searchsorted(self.iterations, iteration))
        if self._count == self._points.shape[1]:
            self._points = np.concatenate([self._points, np.empty_like(self._points)], axis=1)
        self._points[:, self._count] = iteration, loss
        self._count += 1
