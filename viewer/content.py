"""What a living filter looks at: a picture, or a film that runs beside the window."""

import contextlib
import threading
import time
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.content import example_picture, fitted
from exporters.errors import LichenError
from exporters.picture_file import load_picture
from viewer.film_file import FILM_SUFFIXES, film_frames, film_rate, first_frame

Colours = NDArray[np.float32]


class Content(Protocol):
    """Something to look at; `name` is what it is called."""

    name: str

    def look(self, width: int, height: int) -> Colours | None:
        """It on a grid of that size, [height, width, 3], 0 to 1; None where nothing is new."""

    def forget(self) -> None:
        """Give all of it at the next look, new or not."""

    def close(self) -> None:
        """Stop what runs for it."""


class Still:
    """A picture that stays as it is; without a file the example."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises LichenError where the file is no picture."""
        self.name = "example" if path is None else path.name
        self._picture = None if path is None else Image.fromarray(load_picture(path))
        self._shown_size: tuple[int, int] | None = None

    def look(self, width: int, height: int) -> Colours | None:
        """The middle of the picture, once for each size."""
        if self._shown_size == (width, height):
            return None
        self._shown_size = (width, height)
        if self._picture is None:
            return example_picture(height, width)
        return fitted(self._picture, width, height)

    def forget(self) -> None:
        """Show it again."""
        self._shown_size = None

    def close(self) -> None:
        """Nothing runs."""


class Film:
    """A film that a thread plays again and again, at its own speed."""

    def __init__(self, path: Path) -> None:
        """Raises LichenError where the file is no film."""
        self.name = path.name
        self._path = path
        self._newest = Image.fromarray(first_frame(path))
        self._is_new = True
        self._is_over = threading.Event()
        threading.Thread(target=self._play, daemon=True).start()

    def look(self, width: int, height: int) -> Colours | None:
        """The newest frame, if there is one that was not looked at."""
        if not self._is_new:
            return None
        self._is_new = False
        return fitted(self._newest, width, height)

    def forget(self) -> None:
        """Show the newest frame again."""
        self._is_new = True

    def close(self) -> None:
        """Stop playing."""
        self._is_over.set()

    def _play(self) -> None:
        # A film that is damaged further on stands still there.
        with contextlib.suppress(LichenError):
            self._repeat()

    def _repeat(self) -> None:
        frame_seconds = 1 / film_rate(self._path)[0]
        begun_seconds = time.monotonic()
        while not self._is_over.is_set():
            ending_seconds = frame_seconds
            for due_seconds, frame in film_frames(self._path):
                if self._wait_until(begun_seconds + due_seconds):
                    return
                self._newest, self._is_new = Image.fromarray(frame), True
                ending_seconds = due_seconds + frame_seconds
            # The last frame is seen as long as the others.
            self._wait_until(begun_seconds + ending_seconds)
            begun_seconds = time.monotonic()

    def _wait_until(self, seconds: float) -> bool:
        """Whether the film was closed meanwhile."""
        return self._is_over.wait(max(0.0, seconds - time.monotonic()))


def open_content(path: Path) -> Content:
    """A picture or film to look at. Raises LichenError where it is neither."""
    return Film(path) if path.suffix.lower() in FILM_SUFFIXES else Still(path)
