"""The frames of a dream as a film."""

from pathlib import Path

from exporters.errors import LichenError
from exporters.video import open_video
from training.dream.dream_files import frame_path
from training.dream.kept_frames import load_frame

FRAMES_PER_SECOND = 20


def write_film(folder: Path, frame_count: int, film: Path) -> None:
    """Write the first frames of a dream's folder as an MP4, WebM or GIF, whole or not at all.

    Raises:
        LichenError: a frame is missing or damaged, or the film cannot be written.
    """
    first = load_frame(folder, 0)
    if first is None:
        raise _missing(folder, 0)
    height, width = first.shape[:2]
    with open_video(film, width, height, FRAMES_PER_SECOND) as add_picture:
        for index in range(frame_count):
            frame = load_frame(folder, index)
            if frame is None:
                raise _missing(folder, index)
            add_picture(frame)


def _missing(folder: Path, index: int) -> LichenError:
    return LichenError(f"{frame_path(folder, index)} is missing or damaged; dream it again.")
