"""Stands in for `training.dream.worker` where the disk is full after two frames."""

import resource
import sys
from pathlib import Path

from training.dream import session, worker

ROOM_FRAMES = 2

keep = session.save_picture


def save_picture(pixels: object, path: Path) -> None:
    """As it was, until there is no room left for any file."""
    if int(path.stem.rpartition("_")[2]) > ROOM_FRAMES:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    keep(pixels, path)


if __name__ == "__main__":
    session.save_picture = save_picture
    sys.exit(worker.main())
