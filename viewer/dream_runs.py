"""The folders that the window's dreams live in, until the user deletes them."""

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, order_path
from training.dream.order import DreamOrder
from training.dream.order_file import load_order
from viewer.training_runs import new_folder, safe_name

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptDream:
    """A dream's folder, as it was when somebody looked; `made_count` counts its frames."""

    order: DreamOrder
    made_count: int

    @property
    def name(self) -> str:
        """What it is called."""
        return self.order.folder.name.replace("_", " ")

    @property
    def is_whole(self) -> bool:
        """Whether all its frames are there."""
        return self.made_count >= self.order.journey.frame_count


def dreams_folder() -> Path:
    """Where all dreams lie; it may not exist yet."""
    return platformdirs.user_data_path("lichen", appauthor=False) / "dreams"


def new_dream_folder(name: str) -> Path:
    """Make the folder of a dream. Raises LichenError where that fails."""
    try:
        return new_folder(dreams_folder(), safe_name(name))
    except OSError as error:
        raise LichenError(f"no dream can start: {error.strerror or error}.") from error


def find_dreams() -> list[KeptDream]:
    """All dreams, the newest first; one without a readable order is left out with a log line."""
    files = dreams_folder().glob("*/" + order_path(Path()).name)
    found = [read_dream(file.parent) for file in sorted(files, key=_age, reverse=True)]
    return [dream for dream in found if dream is not None]


def read_dream(folder: Path) -> KeptDream | None:
    """A dream by its folder; None, with a log line, where there is none."""
    try:
        order = load_order(folder)
    except LichenError as error:
        log.warning("ignoring the dream in %s: %s", folder, error)
        return None
    return KeptDream(order, count_frames(folder, order.journey.frame_count))


def count_frames(folder: Path, frame_count: int) -> int:
    """How many frames of so many lie in a folder, one after the other from the first."""
    here = {path.name for path in folder.glob("frame_*.png")}
    missing = (index for index in range(frame_count) if frame_path(folder, index).name not in here)
    return next(missing, frame_count)


def delete_dream(folder: Path) -> None:
    """Remove a dream with all its frames; nobody may be dreaming there."""
    if folder.parent == dreams_folder():
        shutil.rmtree(folder, ignore_errors=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
