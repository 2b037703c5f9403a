"""A browser without a window, for exports that run in one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from exporters.errors import LichenError
from viewer.system_libraries import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Graphics in software are the same everywhere; containers refuse the sandbox, and only files that
# Lichen has just written are opened.
ARGUMENTS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-sandbox",
]


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """The system's own Chromium. Raises LichenError where it or Playwright is missing, or fails."""
    executable = find_browser()
    if executable is None:
        raise LichenError("it can be run here once Chromium or Chrome is installed")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError as error:
        raise LichenError("it can be run here after: pip install playwright") from error
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=executable, args=ARGUMENTS) as browser,
        ):
            yield browser
    except Error as error:
        raise LichenError(f"the browser {executable} failed: {error.message}") from error
