"""Where the files of a dream lie, all in its folder."""

from pathlib import Path


def order_path(folder: Path) -> Path:
    """The order, as JSON."""
    return folder / "dream.json"


def source_path(folder: Path) -> Path:
    """The picture that it begins with, where that lies nowhere else."""
    return folder / "source.png"


def frame_path(folder: Path, index: int) -> Path:
    """The picture of a frame, counted from 0; frame 0 is what the dream starts from."""
    return folder / f"frame_{index:06d}.png"


def reference_path(folder: Path, stage: int) -> Path:
    """What the prompt of a stage, counted from 0, names for the patch dreamer."""
    return folder / "references" / f"stage_{stage:03d}.png"


def sheet_path(folder: Path, row: int, column: int) -> Path:
    """A first picture to choose from: rows are guidances, columns are seeds."""
    return folder / "sheet" / f"picture_{row}_{column}.png"


def log_path(folder: Path) -> Path:
    """What the worker and the libraries in it had to say."""
    return folder / "dream.log"


def lock_path(folder: Path) -> Path:
    """What a worker holds locked as long as it lives."""
    return folder / "dream.lock"
