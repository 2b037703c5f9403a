"""The frames of a dream that lie in its folder."""

from pathlib import Path

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path
from training.dream.dreaming import Frame


def load_frame(folder: Path, index: int) -> Frame | None:
    """A frame [height, width, 3]; None where it is missing or damaged."""
    try:
        return load_picture(frame_path(folder, index))
    except LichenError:
        return None


def newest_unbroken(folder: Path, start: Frame, frame_count: int) -> tuple[int, Frame]:
    """The last of the frames that lie there one after the other from the start, with its index.

    One that is missing, damaged or of another size ends the run, whatever lies behind it.
    """
    newest = start
    for index in range(1, frame_count):
        frame = load_frame(folder, index)
        if frame is None or frame.shape != start.shape:
            return index - 1, newest
        newest = frame
    return frame_count - 1, newest
