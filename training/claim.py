"""A file lock says that somebody works in a folder: it goes however a process ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from exporters.errors import LichenError

CLAIM_SECONDS = 2.0


@contextmanager
def claim(lock_path: Path, complaint: str) -> Iterator[None]:
    """Keep others away for the length of the block, or of the process if it is killed.

    Raises:
        LichenError: with that complaint where another process holds it, or with its own where the
            folder takes no files.
    """
    lock = FileLock(lock_path)
    try:
        # Not at once: a window may just be looking whether somebody works here.
        lock.acquire(timeout=CLAIM_SECONDS)
    except Timeout as error:
        raise LichenError(complaint) from error
    except OSError as error:
        raise LichenError(f"cannot write {lock_path}: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()


def is_held(lock_path: Path) -> bool:
    """Whether a process holds it now."""
    if not lock_path.exists():
        return False
    try:
        with FileLock(lock_path, blocking=False):
            return False
    except Timeout:
        return True
