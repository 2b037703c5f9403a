"""What becomes of a picture that a dream or a painting made."""

import shutil
from pathlib import Path
from typing import Literal

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from viewer.picture_textures import Pixels

PictureUse = Literal["seed", "exemplar", "start"]


def copy_under_name(picture: Path, name: str) -> Path:
    """A copy with a name of its own, for a training or a dream; it lies beside its source.

    Raises:
        LichenError: it cannot be written.
    """
    copy = _place(picture.parent, name)
    try:
        shutil.copyfile(picture, copy)
    except OSError as error:
        raise LichenError(f"cannot write {copy}: {error.strerror or error}.") from error
    return copy


def save_under_name(pixels: Pixels, folder: Path, name: str) -> Path:
    """The same of a picture in memory, in the folder of what made it. Raises LichenError."""
    path = _place(folder, name)
    save_picture(pixels, path)
    return path


def _place(folder: Path, name: str) -> Path:
    place = folder / "exemplars" / f"{name}.png"
    try:
        place.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot write {place}: {error.strerror or error}.") from error
    return place
