"""A picture of the pool every so often, for whoever wants to see or film how it was learnt."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.callbacks.callback import Callback
from training.callbacks.keeper import pool_pictures
from training.loop import Training
from training.trainer import Trainer

EVERY_ITERATIONS = 50
STRIP_STATES = 8


class ImageLog(Callback):
    """Writes `0000050.png`, `0000100.png`, ... into a folder; they sort by iteration."""

    order = 10

    def __init__(self, folder: Path, every_iterations: int = EVERY_ITERATIONS) -> None:
        """Makes the folder. Raises LichenError where that cannot be."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LichenError(f"cannot make the folder {folder}: {error.strerror}.") from error
        self._folder = folder
        self._every_iterations = every_iterations

    def after_step(self, training: Training) -> None:
        """Write if it is time. Raises LichenError where the picture cannot be written."""
        iteration = training.trainer.iteration
        if iteration % self._every_iterations == 0:
            save_picture(pool_strip(training.trainer), self._folder / f"{iteration:07d}.png")


def pool_strip(trainer: Trainer, count: int = STRIP_STATES) -> NDArray[np.uint8]:
    """The first states of the pool side by side, uint8 [side, n * side, 3]."""
    return np.concatenate(list(pool_pictures(trainer, count)), axis=1)
