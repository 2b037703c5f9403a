"""Reports of trainings are known again, so that a resumed training replaces its own alone."""

import os
from pathlib import Path

from exporters.errors import LichenError

# Stands in the head of every report.
GENERATOR = "Lichen, report of a training"
LONGEST_HEAD_BYTES = 4096


def check_report(path: Path, resume: bool, force: bool) -> None:
    """Raise LichenError where a report would replace a page that is not its to replace."""
    if os.path.exists(path) and not (force or (resume and _is_report(path))):
        raise LichenError(f"{path} exists; --force replaces it.")


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(LONGEST_HEAD_BYTES)
    except OSError:
        return False
    return f'content="{GENERATOR}"'.encode() in head
