"""Is there a screen to open a window on? Found out before anything is loaded for it."""

import os
import sys

from exporters.errors import LichenError


class NoDisplayError(LichenError):
    """There is no display to open a window on."""


def has_display() -> bool:
    """Whether this system names a display; on Linux it may still refuse."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
