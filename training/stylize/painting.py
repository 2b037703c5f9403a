"""A picture under optimisation: the lesson's loop, with pixels for parameters."""

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from exporters.errors import LichenError
from training.loop import Progress
from training.stylize.canvas import Canvas
from training.stylize.objectives import Objective

# Called with the painting when it has begun and after each iteration.
Watcher = Callable[["Painting"], None]


class Painting:
    """Adam on a canvas; the rate falls to nothing along a cosine, so that it comes to rest."""

    def __init__(
        self,
        canvas: Canvas,
        objective: Objective,
        iterations: int,
        learning_rate: float,
        random_seed: int = 0,
    ) -> None:
        self._canvas = canvas
        self._objective = objective
        self._iterations = iterations
        self._learning_rate = learning_rate
        self._optimizer = torch.optim.Adam(canvas.parameters(), learning_rate)
        self._generator = torch.Generator().manual_seed(random_seed)
        self._began_at_seconds = time.monotonic()
        self.iteration = 0
        self.loss = math.nan

    @property
    def progress(self) -> Progress:
        """How far it is; the loss is that before the newest iteration."""
        elapsed_seconds = time.monotonic() - self._began_at_seconds
        return Progress(
            self.iteration, self.loss, self.iteration / self._iterations, elapsed_seconds
        )

    def run(
        self, watchers: Sequence[Watcher] = (), stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Paint until all iterations are done or `stop` says so, never in mid-iteration.

        Raises:
            LichenError: the loss is no number any more, or a watcher said so.
        """
        self._tell(watchers)
        while self.iteration < self._iterations and not stop():
            self._step()
            self._tell(watchers)

    def pictures(self) -> NDArray[np.uint8]:
        """As they are now, uint8 [n, h, w, 3]."""
        with torch.no_grad():
            return to_bytes(self._canvas.pictures())

    def _step(self) -> None:
        completed = self.iteration / self._iterations
        for group in self._optimizer.param_groups:
            group["lr"] = self._learning_rate * (1 + math.cos(math.pi * completed)) / 2
        loss = self._objective(self._canvas.pictures(), self._generator)
        self.loss = loss.item()
        if not math.isfinite(self.loss):
            raise LichenError("the loss is no number any more; choose a lower --learning-rate.")
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        self._canvas.after_step()
        self.iteration += 1

    def _tell(self, watchers: Sequence[Watcher]) -> None:
        for watcher in watchers:
            watcher(self)


def to_bytes(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures [n, 3, h, w] in 0..1 as uint8 [n, h, w, 3], rounded."""
    levels = pictures.detach().permute(0, 2, 3, 1).cpu().numpy()
    return np.asarray(levels * 255 + 0.5, np.uint8)
