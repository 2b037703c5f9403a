"""The system's own dialog to find a picture."""

import shutil
import sys
from pathlib import Path

from imgui_bundle import portable_file_dialogs

from exporters.errors import LichenError

PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
LINUX_PROGRAMS = ("zenity", "kdialog", "matedialog", "qarma")
FILTERS = [
    "Pictures",
    " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES)),
    "All files",
    "*",
]


class PictureDialog:
    """At most one dialog at a time, beside the window."""

    def __init__(self) -> None:
        self._dialog: portable_file_dialogs.open_file | None = None

    def open(self) -> None:
        """Show the dialog, unless it is open.

        Raises:
            LichenError: this system has no dialog to show.
        """
        if sys.platform == "linux" and not any(map(shutil.which, LINUX_PROGRAMS)):
            raise LichenError(
                "there is no file dialog here (zenity or kdialog); drop the picture on this "
                "window, or start with 'lichen view --train PICTURE'."
            )
        if self._dialog is None:
            self._dialog = portable_file_dialogs.open_file("Choose a picture", "", FILTERS)

    def poll(self) -> Path | None:
        """The picture that was chosen, once."""
        if self._dialog is None or not self._dialog.ready(0):
            return None
        chosen, self._dialog = self._dialog.result(), None
        return Path(chosen[0]) if chosen else None
