"""The training loop: iterate, tell whoever listens, stop when it is enough."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from training.trainer import Trainer


@dataclass(frozen=True)
class Budget:
    """When to stop: after so many iterations in all, or minutes of this run, whichever is set."""

    iterations: int | None = None
    minutes: float | None = None

    def completed(self, iteration: int, elapsed_seconds: float) -> float:
        """The share that is done, 0 to 1."""
        shares = [0.0]
        if self.iterations is not None:
            shares.append(iteration / self.iterations)
        if self.minutes is not None:
            shares.append(elapsed_seconds / (60 * self.minutes))
        return min(1.0, max(shares))


@dataclass(frozen=True)
class Progress:
    """What listeners are told after every iteration."""

    iteration: int
    loss: float
    completed: float
    elapsed_seconds: float

    @property
    def remaining_seconds(self) -> float:
        """How long the rest will take at the pace so far."""
        return self.elapsed_seconds * (1 - self.completed) / max(self.completed, 1e-9)


Listener = Callable[[Trainer, Progress], None]


def train(
    trainer: Trainer, budget: Budget, listeners: list[Listener], stop: Callable[[], bool]
) -> None:
    """Train until the budget is used up or `stop` says so, never in the middle of an iteration.

    Listeners are called in order after each iteration.

    Raises:
        LichenError: the loss is not finite, or a listener could not write a file.
    """
    started_seconds = time.monotonic()
    completed = budget.completed(trainer.iteration, 0)
    while completed < 1 and not stop():
        loss = trainer.iterate(completed)
        elapsed_seconds = time.monotonic() - started_seconds
        completed = budget.completed(trainer.iteration, elapsed_seconds)
        progress = Progress(trainer.iteration, loss, completed, elapsed_seconds)
        for listener in listeners:
            listener(trainer, progress)
