"""A picture of the pool every so often, for whoever wants to see or film how it was learnt."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.callbacks.callback import Callback
from training.callbacks.keeper import pool_pictures
from training.loop import Training
from training.trainer import Trainer

EVERY_ITERATIONS = 50
STRIP_STATES = 8
PICTURE_NAME = re.compile(r"\d{7,}\.png")


class ImageLog(Callback):
    """Writes `0000050.png`, `0000100.png`, ... into a folder; they sort by iteration."""

    order = 10

    def __init__(self, folder: Path, every_iterations: int = EVERY_ITERATIONS) -> None:
        """Makes the folder. Raises LichenError where that cannot be, or it takes no files."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LichenError(f"cannot make the folder {folder}: {error.strerror}.") from error
        check_writable(picture_path(folder, 0))
        self._folder = folder
        self._every_iterations = every_iterations

    def after_step(self, training: Training) -> None:
        """Write if it is time. Raises LichenError where the picture cannot be written."""
        iteration = training.trainer.iteration
        if iteration % self._every_iterations == 0:
            save_picture(pool_strip(training.trainer), picture_path(self._folder, iteration))


def picture_path(folder: Path, iteration: int) -> Path:
    """Where the picture of an iteration goes."""
    return folder / f"{iteration:07d}.png"


def logged_pictures(folder: Path) -> list[Path]:
    """The numbered pictures that a folder holds, which a training may replace."""
    return [path for path in folder.glob("*.png") if PICTURE_NAME.fullmatch(path.name)]


def check_image_log(folder: Path) -> None:
    """Raise LichenError where a new training would write among the pictures of an earlier one."""
    if logged_pictures(folder):
        raise LichenError(
            f"{folder} holds the pictures of an earlier training; name another folder, or --force "
            "replaces them."
        )


def pool_strip(trainer: Trainer, count: int = STRIP_STATES) -> NDArray[np.uint8]:
    """The first states of the pool side by side, uint8 [side, n * side, 3]."""
    return np.concatenate(list(pool_pictures(trainer, count)), axis=1)
