"""Keeps a training's automaton, preview and checkpoint on disk."""

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.automaton_file import save_automaton
from exporters.display import picture
from exporters.gallery import preview_path
from exporters.picture_file import save_picture
from training.callbacks.callback import Callback
from training.checkpoint import save_checkpoint
from training.loop import Training
from training.run_files import checkpoint_path, status_path
from training.trainer import Trainer


class FolderKeeper(Callback):
    """Writes all three every so often; automaton and checkpoint at the end as well.

    A training that has learnt nothing leaves alone what is there.
    """

    def __init__(self, output: Path, every_seconds: float) -> None:
        self._output = output
        self._every_seconds = every_seconds
        self._written_seconds = time.monotonic()
        self._first_iteration = 0

    def before_training(self, training: Training) -> None:
        """Remember where it begins."""
        self._first_iteration = training.trainer.iteration

    def after_step(self, training: Training) -> None:
        """Write if it is time. Raises LichenError where a file cannot be written."""
        if time.monotonic() - self._written_seconds >= self._every_seconds:
            self.keep(training)
            save_picture(pool_mosaic(training.trainer), preview_path(self._output))
            self._written_seconds = time.monotonic()

    def after_training(self, training: Training) -> None:
        """Write what was learnt. Raises LichenError where a file cannot be written."""
        if training.trainer.iteration > self._first_iteration:
            self.keep(training)

    def keep(self, training: Training) -> None:
        """Write automaton and checkpoint. Raises LichenError where one cannot be written."""
        save_automaton(training.trainer.to_automaton(), self._output)
        save_checkpoint(training.trainer, checkpoint_path(self._output))


class ReplacingKeeper(FolderKeeper):
    """Keeps a new training: how far another automaton of this name once was no longer counts."""

    def keep(self, training: Training) -> None:
        """Write automaton and checkpoint. Raises LichenError where one cannot be written."""
        status_path(self._output).unlink(missing_ok=True)
        super().keep(training)


def pool_mosaic(trainer: Trainer) -> NDArray[np.uint8]:
    """Four states of the pool, side by side, uint8 [2 * side, 2 * side, 3]."""
    pictures = pool_pictures(trainer, 4)
    rows = np.resize(pictures, (2, 2, *pictures.shape[1:]))  # a smaller pool repeats itself
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows])


def pool_pictures(trainer: Trainer, count: int) -> NDArray[np.uint8]:
    """The first states of the pool as they are shown, uint8 [n, side, side, 3]."""
    automaton = trainer.to_automaton()
    states = trainer.pool.states[:count].permute(0, 3, 1, 2).numpy()
    return np.stack([picture(automaton, state) for state in states])
