"""Files appear whole or not at all."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exporters.errors import LichenError


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path`; move it into place if the block succeeds.

    The temporary name keeps the suffix, since writers choose their format by it.

    Raises:
        LichenError: the folder is missing or read-only, or the disk is full.
    """
    target = Path(path)
    check_writable(target)
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise LichenError(f"cannot write {target}: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(path: Path | str) -> None:
    """Fail early, before hours of work, where `path` could not be written in the end.

    Raises:
        LichenError: the folder is missing, read-only or full, or `path` is a folder.
    """
    target = Path(path)
    folder = target.parent
    if not os.path.isdir(folder):  # says no to what is no name at all
        raise LichenError(f"cannot write {target}: the folder {folder} does not exist.")
    try:
        if target.is_dir():
            raise LichenError(f"cannot write {target}: it is a folder; name a file.")
    except OSError as error:  # a name too long for any disk
        raise LichenError(f"cannot write {target}: {error.strerror or error}.") from error
    try:
        # Only an attempt tells: permissions do not bind the administrator, nor describe all disks.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LichenError(
            f"cannot write {target}: the folder {folder} takes no files "
            f"({error.strerror}); choose another one."
        ) from error
