"""What follows a painting while it is made: pictures of its progress, and a movie."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from exporters.video import open_video
from training.callbacks.terminal import ProgressBar
from training.stylize.painting import Painting, Watcher

FRAMES_PER_SECOND = 20
# How long a movie rests on the finished picture.
REST_FRAMES = 20


@contextmanager
def progress_bar(console: Console) -> Iterator[Watcher]:
    """Shows how far a painting is, with the time left."""
    bar = ProgressBar(console)

    def watch(painting: Painting) -> None:
        if painting.iteration:  # before, there is no loss to tell
            bar.show(painting.progress)

    bar.start()
    try:
        yield watch
    finally:
        bar.stop()


def image_log(folder: Path, every_iterations: int) -> Watcher:
    """Writes `0000000.png`, `0000020.png`, ... into a folder, which is made.

    Raises:
        LichenError: the folder cannot be made; later, a picture cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot make the folder {folder}: {error.strerror}.") from error

    def watch(painting: Painting) -> None:
        if painting.iteration % every_iterations == 0:
            save_picture(
                side_by_side(painting.pictures()), folder / f"{painting.iteration:07d}.png"
            )

    return watch


@contextmanager
def movie(
    path: Path, width: int, height: int, painting: Painting, every_iterations: int
) -> Iterator[Watcher]:
    """Films a painting of that size in pixels; the movie appears at the end of the block.

    Raises:
        LichenError: the ending is no video's, or the file cannot be written.
    """
    with open_video(path, width, height, FRAMES_PER_SECOND) as add:

        def watch(painting: Painting) -> None:
            if painting.iteration % every_iterations == 0:
                add(side_by_side(painting.pictures()))

        yield watch
        for _ in range(REST_FRAMES):
            add(side_by_side(painting.pictures()))


def side_by_side(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures [n, h, w, 3] in one row, [h, n * w, 3]."""
    return np.concatenate(list(pictures), axis=1)
