"""Films as pictures, one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exporters.errors import LichenError
from exporters.magnification import Picture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

FILM_SUFFIXES = (".mp4", ".webm", ".mov", ".mkv", ".avi")
USUAL_FRAMES_PER_SECOND = 25


def film_frames(path: Path) -> Iterator[tuple[float, Picture]]:
    """When each frame is due, in seconds, and the frame upright, [height, width, 3].

    Raises:
        LichenError: it holds no film, or is damaged.
    """
    with _opened(path) as (container, stream):
        rate = _rate(stream)
        for index, frame in enumerate(container.decode(stream)):
            yield index / rate, _upright(frame)


def first_frame(path: Path) -> Picture:
    """The frame that a film begins with, [height, width, 3].

    Raises:
        LichenError: it holds no film, or not one frame, or is damaged.
    """
    first = next(film_frames(path), None)
    if first is None:
        raise LichenError(f"{path} holds no frame.")
    return first[1]


def film_rate(path: Path) -> tuple[int, int | None]:
    """Whole frames a second, and how many frames in all where the file says so.

    Raises:
        LichenError: it holds no film.
    """
    with _opened(path) as (_, stream):
        return max(1, round(_rate(stream))), stream.frames or None


def _rate(stream: "VideoStream") -> float:
    return float(stream.average_rate or USUAL_FRAMES_PER_SECOND)


def _upright(frame: "VideoFrame") -> Picture:
    """Its pixels, turned as its file asks: a telephone films as it is held."""
    pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    return np.rot90(pixels, round(frame.rotation / 90))  # both turn counter-clockwise


@contextmanager
def _opened(path: Path) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    import av

    try:
        with av.open(str(path)) as container:
            yield container, container.streams.video[0]
    except (OSError, EOFError, IndexError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LichenError(f"{path} is no film that can be played ({reason}).") from error
