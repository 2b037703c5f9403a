"""The folders that the window's dreams live in, until the user deletes them."""

import logging
from dataclasses import dataclass
from pathlib import Path

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, order_path
from training.dream.order import DreamOrder
from training.dream.order_file import load_order
from viewer.kept_folders import (
    delete_kept_folder,
    folder_title,
    kept_folder,
    make_kept_folder,
    newest_folders,
)

log = logging.getLogger(__name__)

DREAMS = "dreams"


@dataclass(frozen=True)
class KeptDream:
    """A dream's folder, as it was when somebody looked; `made_count` counts its frames."""

    order: DreamOrder
    made_count: int

    @property
    def name(self) -> str:
        """What it is called."""
        return folder_title(self.order.folder)

    @property
    def is_whole(self) -> bool:
        """Whether all its frames are there."""
        return self.made_count >= self.order.journey.frame_count


def dreams_folder() -> Path:
    """Where all dreams lie; it may not exist yet."""
    return kept_folder(DREAMS)


def new_dream_folder(name: str) -> Path:
    """Make the folder of a dream. Raises LichenError where that fails."""
    return make_kept_folder(DREAMS, name, "dream")


def find_dreams() -> list[KeptDream]:
    """All dreams, the newest first; one without a readable order is left out with a log line."""
    folders = newest_folders(DREAMS, order_path(Path()).name)
    found = [read_dream(folder) for folder in folders]
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
    delete_kept_folder(DREAMS, folder)
