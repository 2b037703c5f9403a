"""What the window makes lives in folders of the user's data until the user deletes it."""

import shutil
from pathlib import Path

import platformdirs

from exporters.errors import LichenError
from viewer.training_runs import new_folder, safe_name


def kept_folder(kind: str) -> Path:
    """Where all of a kind lie; it may not exist yet."""
    return platformdirs.user_data_path("lichen", appauthor=False) / kind


def make_kept_folder(kind: str, name: str, activity: str) -> Path:
    """Make a folder of that name, or one like it where that is taken.

    Raises LichenError where that fails; the sentence says that the activity cannot start.
    """
    try:
        return new_folder(kept_folder(kind), safe_name(name))
    except OSError as error:
        reason = error.strerror or error
        raise LichenError(f"no {activity} can start in {kept_folder(kind)}: {reason}.") from error


def newest_folders(kind: str, order_name: str) -> list[Path]:
    """The folders that hold an order, the newest first."""
    files = kept_folder(kind).glob(f"*/{order_name}")
    return [file.parent for file in sorted(files, key=_age, reverse=True)]


def delete_kept_folder(kind: str, folder: Path) -> None:
    """Remove one of them with all that is in it; nobody may be at work there."""
    if folder.parent == kept_folder(kind):
        shutil.rmtree(folder, ignore_errors=True)


def folder_title(folder: Path) -> str:
    """What a folder's work is called."""
    return folder.name.replace("_", " ")


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
