"""The system's own dialog to find a picture."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from imgui_bundle import portable_file_dialogs

from exporters.errors import LichenError
from exporters.picture_file import PICTURE_SUFFIXES

LINUX_PROGRAMS = ("zenity", "kdialog", "matedialog", "qarma")
FILTERS = [
    "Pictures",
    " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES)),
    "All files",
    "*",
]


class PictureDialog:
    """At most one dialog at a time, beside the window."""

    def __init__(self, title: str = "Choose a picture", more_suffixes: Iterable[str] = ()) -> None:
        """Files with `more_suffixes` are offered beside pictures."""
        self._title = title
        suffixes = [*PICTURE_SUFFIXES, *more_suffixes]
        self._filters = [FILTERS[0], " ".join(f"*{suffix}" for suffix in suffixes), *FILTERS[2:]]
        self._dialog: portable_file_dialogs.open_file | None = None

    def open(self) -> None:
        """Show the dialog, unless it is open.

        Raises:
            LichenError: this system has no dialog to show.
        """
        check_dialogs(
            "drop the picture on this window, or start with 'lichen view --train PICTURE'."
        )
        if self._dialog is None:
            self._dialog = portable_file_dialogs.open_file(self._title, "", self._filters)

    def poll(self) -> Path | None:
        """The picture that was chosen, once."""
        if self._dialog is None or not self._dialog.ready(0):
            return None
        chosen, self._dialog = self._dialog.result(), None
        return Path(chosen[0]) if chosen else None


def check_dialogs(instead: str) -> None:
    """Raise LichenError where this system has no dialog to show; it ends with what to do."""
    if sys.platform == "linux" and not any(map(shutil.which, LINUX_PROGRAMS)):
        raise LichenError(f"there is no file dialog here (zenity or kdialog); {instead}")
