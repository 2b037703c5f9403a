"""Pictures of what the view shows, among the user's own."""

from datetime import datetime
from pathlib import Path

import platformdirs

from exporters.errors import LichenError
from exporters.magnification import Picture
from exporters.picture_file import save_picture


def pictures_folder() -> Path:
    """Where they are kept; it may not exist yet."""
    return platformdirs.user_pictures_path() / "Lichen"


def save_screenshot(picture: Picture, name: str) -> Path:
    """Save a picture [height, width, 3] under a name and the moment; gives its path.

    Raises:
        LichenError: it cannot be written.
    """
    folder = pictures_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot create {folder}: {error.strerror}.") from error
    moment = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    path = folder / f"{name} {moment}.png"
    save_picture(picture, path)
    return path
