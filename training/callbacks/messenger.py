"""Tells a window how a training goes, and shows it the newest weights."""

import math
import time
from collections import deque
from collections.abc import Callable

from exporters.automaton import Automaton
from exporters.automaton_file import automaton_to_bytes
from training.callbacks.callback import Callback
from training.callbacks.keeper import pool_pictures
from training.loop import Training
from training.protocol import (
    LARGEST_POOL_PICTURES,
    Advanced,
    PoolPictures,
    RolledBack,
    Snapshot,
    ToWindow,
)

SNAPSHOT_SECONDS = 0.5
POOL_PICTURES_SECONDS = 2.0
PACE_ITERATIONS = 20


class Messenger(Callback):
    """Every iteration's loss at once; snapshots and pictures of the pool now and then."""

    def __init__(self, send: Callable[[ToWindow], None]) -> None:
        self._send = send
        self._snapshot_seconds = self._pictures_seconds = -math.inf
        self._iteration_ends: deque[float] = deque(maxlen=PACE_ITERATIONS)

    def before_training(self, training: Training) -> None:
        """Count the first iteration's time from here."""
        self._iteration_ends.append(training.progress.elapsed_seconds)

    def after_step(self, training: Training) -> None:
        """Tell the progress, and show what has not been shown for long enough."""
        self._tell_progress(training)
        now = time.monotonic()
        if now - self._snapshot_seconds >= SNAPSHOT_SECONDS:
            self._snapshot_seconds = now
            self.send_snapshot(training, training.trainer.to_automaton())
        if now - self._pictures_seconds >= POOL_PICTURES_SECONDS:
            self._pictures_seconds = now
            pictures = pool_pictures(training.trainer, LARGEST_POOL_PICTURES)
            self._send(PoolPictures.of(training.trainer.iteration, pictures))

    def after_rollback(self, training: Training) -> None:
        """Tell where it is again, and show those weights."""
        self._send(RolledBack(training.trainer.iteration))
        self.send_snapshot(training, training.trainer.to_automaton())

    def after_training(self, training: Training) -> None:
        """Show the last weights."""
        self.send_snapshot(training, training.trainer.to_automaton())

    def send_snapshot(self, training: Training, automaton: Automaton) -> None:
        """Show an automaton of this training; before the first iteration there is none."""
        loss = training.progress.loss
        if math.isfinite(loss):
            iteration = training.trainer.iteration
            self._send(Snapshot(iteration, loss, automaton_to_bytes(automaton)))

    def _tell_progress(self, training: Training) -> None:
        progress, ends = training.progress, self._iteration_ends
        ends.append(progress.elapsed_seconds)
        self._send(
            Advanced(
                progress.iteration,
                progress.loss,
                progress.completed,
                progress.elapsed_seconds,
                progress.remaining_seconds,
                (len(ends) - 1) / max(ends[-1] - ends[0], 1e-9),
            )
        )
