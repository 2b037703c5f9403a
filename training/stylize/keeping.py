"""Keeps a painting on disk: the picture so far, and the checkpoint that it goes on from."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.stylize.painting import Painting
from training.stylize.painting_checkpoint import save_painting
from training.stylize.watchers import side_by_side

KEEP_SECONDS = 30.0


class Keeper:
    """Writes both every so often; called after each iteration."""

    def __init__(self, painting: Painting, picture: Path, checkpoint: Path) -> None:
        self._painting = painting
        self._picture = picture
        self._checkpoint = checkpoint
        self._kept_seconds = time.monotonic()

    def __call__(self, painting: Painting) -> None:
        """Write if it is time. Raises LichenError where a file cannot be written."""
        if time.monotonic() - self._kept_seconds >= KEEP_SECONDS:
            self.keep()

    def keep(self) -> None:
        """Write both. Raises LichenError where a file cannot be written."""
        self.keep_picture()
        save_painting(self._painting, self._checkpoint)
        self._kept_seconds = time.monotonic()

    def keep_picture(self) -> None:
        """Write the picture alone. Raises LichenError where that fails."""
        save_picture(side_by_side(self._painting.pictures()), self._picture)

    def end(self) -> None:
        """Write what is needed from here on: of a finished painting the picture alone.

        Raises:
            LichenError: a file cannot be written.
        """
        if self._painting.is_finished:
            self.keep_picture()
            self._checkpoint.unlink(missing_ok=True)
        else:
            self.keep()


@contextmanager
def keeping(painting: Painting, picture: Path, checkpoint: Path) -> Iterator[Keeper]:
    """Keep a painting for the length of the block, and what came of it at its end.

    Where the block fails the picture so far is written, and the checkpoint stays as it was: in
    mid-iteration there is nothing to go on from.

    Raises:
        LichenError: a file cannot be written.
    """
    keeper = Keeper(painting, picture, checkpoint)
    try:
        yield keeper
    except Exception:
        if painting.iteration:
            with suppress(LichenError):  # The disk may be full.
                keeper.keep_picture()
        raise
    keeper.end()
