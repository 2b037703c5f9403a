"""Files known by what they hold, whatever they are called and wherever they lie."""

import hashlib
from pathlib import Path

from exporters.errors import LichenError


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises LichenError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LichenError(f"cannot read {path}: {error.strerror or error}.") from error
