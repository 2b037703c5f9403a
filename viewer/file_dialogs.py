"""The system's own dialogs to find what something is made of, or where to keep it."""

from pathlib import Path
from typing import Generic, TypeVar

from imgui_bundle import portable_file_dialogs

from viewer.picture_dialog import FILTERS, check_dialogs

JOURNEY_SUFFIXES = (".json", ".toml")
JOURNEY_FILTERS = ["Journeys", " ".join(f"*{suffix}" for suffix in JOURNEY_SUFFIXES)]
MODEL_FILTERS = ["Models", "*.safetensors *.ckpt", "All files", "*"]
WRITER_FILTERS = ["Language models", "*.gguf", "All files", "*"]
WEIGHTS_FILTERS = ["Weights", "*.pth *.safetensors", "All files", "*"]
PNG_FILTERS = ["PNG", "*.png"]

Purpose = TypeVar("Purpose")
Dialog = (
    portable_file_dialogs.open_file
    | portable_file_dialogs.select_folder
    | portable_file_dialogs.save_file
)


class FileDialogs(Generic[Purpose]):
    """At most one dialog at a time, beside the window; it remembers what it was opened for."""

    def __init__(self) -> None:
        self._dialog: Dialog | None = None
        self._purpose: Purpose

    def open_file(self, purpose: Purpose, title: str, filters: list[str] = FILTERS) -> None:
        """Let the user find a file. Raises LichenError where this system has no dialog."""
        check_dialogs("drop the file on this window, or type its path.")
        if self._dialog is None:
            self._dialog = portable_file_dialogs.open_file(title, "", filters)
            self._purpose = purpose

    def open_folder(self, purpose: Purpose, title: str) -> None:
        """Let the user find a folder. Raises LichenError where this system has no dialog."""
        check_dialogs("type the folder's path.")
        if self._dialog is None:
            self._dialog = portable_file_dialogs.select_folder(title)
            self._purpose = purpose

    def save_file(self, purpose: Purpose, title: str, path: Path, filters: list[str]) -> None:
        """Let the user choose where to write. Raises LichenError where this system has no dialog.

        `path` is what is offered; the dialog itself asks before a file is replaced.
        """
        check_dialogs("'Save' keeps it among your pictures.")
        if self._dialog is None:
            self._dialog = portable_file_dialogs.save_file(title, str(path), filters)
            self._purpose = purpose

    def poll(self) -> tuple[Purpose, Path] | None:
        """What was chosen and what for, once."""
        if self._dialog is None or not self._dialog.ready(0):
            return None
        chosen, self._dialog = self._dialog.result(), None
        path = chosen[0] if isinstance(chosen, list) and chosen else chosen
        return (self._purpose, Path(path)) if isinstance(path, str) and path else None
