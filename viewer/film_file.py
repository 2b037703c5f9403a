"""Films as pictures, one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

FILM_SUFFIXES = (".mp4", ".webm", ".mov", ".mkv", ".avi")
USUAL_FRAMES_PER_SECOND = 25


def film_frames(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """When each frame is due, in seconds, and the frame, [height, width, 3].

    Raises:
        LichenError: it holds no film, or is damaged.
    """
    with _opened(path) as (container, stream):
        rate = _rate(stream)
        for index, frame in enumerate(container.decode(stream)):
            yield index / rate, np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def film_rate(path: Path) -> tuple[int, int | None]:
    """Whole frames a second, and how many frames in all where the file says so.

    Raises:
        LichenError: it holds no film.
    """
    with _opened(path) as (_, stream):
        return max(1, round(_rate(stream))), stream.frames or None


def _rate(stream: "VideoStream") -> float:
    return float(stream.average_rate or USUAL_FRAMES_PER_SECOND)


@contextmanager
def _opened(path: Path) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    import av

    try:
        with av.open(str(path)) as container:
            yield container, container.streams.video[0]
    except (OSError, IndexError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LichenError(f"{path} is no film that can be played ({reason}).") from error
