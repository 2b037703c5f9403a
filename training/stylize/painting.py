"""A picture under optimisation: the lesson's loop, with pixels for parameters."""

import math
import time
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from exporters.errors import LichenError
from training.loop import Progress
from training.stylize.canvas import Canvas
from training.stylize.objectives import Objective
from training.stylize.recipe import Recipe

EMPTY_RECIPE: Recipe = MappingProxyType({})
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
        recipe: Recipe = EMPTY_RECIPE,
    ) -> None:
        """`recipe` tells what it depends on, for those who want to go on with it later."""
        self._canvas = canvas
        self._parameters = nn.ParameterList(canvas.parameters())
        self._objective = objective
        self._learning_rate = learning_rate
        self._optimizer = torch.optim.Adam(self._parameters, learning_rate)
        self._generator = torch.Generator().manual_seed(random_seed)
        self._spent_seconds = 0.0
        self.recipe = recipe
        self.iterations = iterations
        self.iteration = 0
        self.loss = math.nan

    @property
    def progress(self) -> Progress:
        """How far it is; the loss is that before the newest iteration. Pauses do not count."""
        completed = self.iteration / self.iterations
        spent_seconds = self._spent_seconds
        remaining_seconds = spent_seconds * (1 - completed) / max(completed, 1e-9)
        return Progress(self.iteration, self.loss, completed, spent_seconds, remaining_seconds)

    @property
    def is_finished(self) -> bool:
        """Whether all iterations are done."""
        return self.iteration >= self.iterations

    def run(
        self, watchers: Sequence[Watcher] = (), stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Paint until all iterations are done or `stop` says so, never in mid-iteration.

        Raises:
            LichenError: the loss is no number any more, which leaves the canvas as it was before;
                or a watcher said so.
        """
        self._tell(watchers)
        while not self.is_finished and not stop():
            began_at_seconds = time.monotonic() - self._spent_seconds
            self._step()
            self._spent_seconds = time.monotonic() - began_at_seconds
            self._tell(watchers)
            self._spent_seconds = time.monotonic() - began_at_seconds

    def pictures(self) -> NDArray[np.uint8]:
        """As they are now, uint8 [n, h, w, 3]."""
        with torch.no_grad():
            return to_bytes(self._canvas.pictures())

    def state_dict(self) -> dict[str, Any]:
        """All that changes while it is painted, between two iterations: tensors and numbers."""
        return {
            "canvas": self._parameters.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "generator": self._generator.get_state(),
            "iteration": self.iteration,
            "loss": self.loss,
            "spent_seconds": self._spent_seconds,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to where the state of a painting of the same size was taken."""
        self._parameters.load_state_dict(state["canvas"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._generator.set_state(state["generator"])
        self.iteration = state["iteration"]
        self.loss = state["loss"]
        self._spent_seconds = state["spent_seconds"]

    def _step(self) -> None:
        completed = self.iteration / self.iterations
        for group in self._optimizer.param_groups:
            group["lr"] = self._learning_rate * (1 + math.cos(math.pi * completed)) / 2
        loss = self._objective(self._canvas.pictures(), self._generator)
        self._optimizer.zero_grad()
        loss.backward()
        gradients = [parameter.grad for parameter in self._parameters]
        if not all(torch.isfinite(values).all() for values in (loss, *gradients)):
            raise LichenError("the loss is no number any more; choose a lower learning rate.")
        self._optimizer.step()
        self._canvas.after_step()
        self.iteration += 1
        self.loss = loss.item()

    def _tell(self, watchers: Sequence[Watcher]) -> None:
        for watcher in watchers:
            watcher(self)


def to_bytes(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures [n, 3, h, w] in 0..1 as uint8 [n, h, w, 3], rounded."""
    levels = pictures.detach().permute(0, 2, 3, 1).cpu().numpy()
    return np.asarray(levels * 255 + 0.5, np.uint8)
