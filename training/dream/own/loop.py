"""The training loop of a diffusion model: iterate, let others look, stop when it is enough."""

import time
from collections.abc import Callable, Sequence

from training.budget import Budget
from training.dream.own.trainer import DreamerTrainer
from training.loop import Progress, Stopwatch


class Watcher:
    """Does nothing; override what you need."""

    def watch(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Called after every iteration."""

    def end(self, trainer: DreamerTrainer, progress: Progress) -> None:
        """Called once, whichever way the training ended."""


def train(
    trainer: DreamerTrainer,
    budget: Budget,
    watchers: Sequence[Watcher] = (),
    stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.monotonic,
) -> Progress:
    """Train until the budget is used up or `stop` says so, never in mid-iteration.

    Returns how far the training has come.

    Raises:
        LichenError: the loss is no number, a picture cannot be read, or a watcher said so.
    """
    stopwatch = Stopwatch(budget, trainer.iteration, clock)
    progress = stopwatch.measure(trainer.iteration, trainer.loss)
    try:
        while progress.completed < 1 and not stop():
            trainer.iterate()
            progress = stopwatch.measure(trainer.iteration, trainer.loss)
            for watcher in watchers:
                watcher.watch(trainer, progress)
    finally:
        for watcher in watchers:
            watcher.end(trainer, progress)
    return progress
