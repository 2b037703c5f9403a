"""Keeps a training's automaton, preview and checkpoint on disk."""

import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from exporters.automaton_file import save_automaton
from exporters.gallery import preview_path
from exporters.picture_file import save_picture
from training.callbacks.callback import Callback
from training.checkpoint import checkpoint_path, save_checkpoint
from training.loop import Training
from training.targets.texture import to_pictures
from training.trainer import Trainer


class FolderKeeper(Callback):
    """Writes all three every so often; automaton and checkpoint at the end as well."""

    def __init__(self, output: Path, every_seconds: float) -> None:
        self._output = output
        self._every_seconds = every_seconds
        self._written_seconds = time.monotonic()

    def after_step(self, training: Training) -> None:
        """Write if it is time. Raises LichenError where a file cannot be written."""
        if time.monotonic() - self._written_seconds >= self._every_seconds:
            self._keep(training.trainer)
            save_picture(pool_mosaic(training.trainer), preview_path(self._output))
            self._written_seconds = time.monotonic()

    def after_training(self, training: Training) -> None:
        """Write what stands. Raises LichenError where a file cannot be written."""
        self._keep(training.trainer)

    def _keep(self, trainer: Trainer) -> None:
        save_automaton(trainer.to_automaton(), self._output)
        save_checkpoint(trainer, checkpoint_path(self._output))


def pool_mosaic(trainer: Trainer) -> NDArray[np.uint8]:
    """Four states of the pool, side by side, uint8 [2 * side, 2 * side, 3]."""
    pictures = to_pictures(trainer.pool.states[:4]).clamp(0, 1)
    rows = [pictures[index : index + 2].permute(2, 0, 3, 1).flatten(1, 2) for index in (0, 2)]
    levels = (torch.cat(rows) * 255).round().byte()
    return levels.numpy()
