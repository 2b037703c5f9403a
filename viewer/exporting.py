"""Exports that the panel asks for, made beside the window and kept in the user's documents."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import platformdirs

from exporters.errors import LichenError
from exporters.targets.registry import find_target
from exporters.targets.target import ExportOptions
from viewer.settling import HelperProcess

# What `lichen render` writes: a name for the button, and the file's ending.
PICTURES = {"Picture": ".png", "GIF": ".gif", "MP4": ".mp4", "WebM": ".webm"}


@dataclass(frozen=True)
class ExportOrder:
    """One press of a button: `target` is one of TARGETS, or a suffix of PICTURES."""

    automaton_path: Path
    target: str
    options: ExportOptions = field(default_factory=ExportOptions)
    module: ClassVar[str] = "viewer"

    def command(self, place: Path) -> list[str]:
        """The words after `lichen` that do the same."""
        words = ["render"] if self.target in PICTURES.values() else ["export", "--to", self.target]
        width, height = self.options.grid
        words += [str(self.automaton_path), "--output", str(place), "--grid", f"{width}x{height}"]
        words += ["--seed", str(self.options.random_seed)]
        if self.target != PICTURES["Picture"]:
            words += ["--steps-per-frame", str(self.options.steps_per_frame)]
        return words

    def place(self, folder: Path) -> Path:
        """A name in the folder that is not taken yet."""
        suffix, kind = self.target, ""
        if suffix not in PICTURES.values():
            suffix = find_target(self.target).suffix
            kind = "" if suffix == f".{self.target}" else f" {self.target}"
        return free_place(folder, f"{self.automaton_path.stem}{kind}", suffix)

    def opens(self, written: Path) -> Path:
        """What of it to show first."""
        return written / find_target(self.target).opens if written.is_dir() else written


@dataclass(frozen=True)
class DreamExport:
    """The frames of a dream's folder as a film; without a suffix as pictures in a folder."""

    folder: Path
    suffix: str
    module: ClassVar[str] = "viewer.dream_export"

    def command(self, place: Path) -> list[str]:
        """The words after the module that do it."""
        return [str(self.folder), "--output", str(place)]

    def place(self, folder: Path) -> Path:
        """A name in the folder that is not taken yet."""
        return free_place(folder, self.folder.name, self.suffix)

    def opens(self, written: Path) -> Path:
        """What of it to show first."""
        return written


@dataclass(frozen=True)
class ExportState:
    """What the panel shows: the export under way, or the last one that was written."""

    running: str = ""
    written: Path | None = None


class Exports:
    """At most one export at a time."""

    def __init__(self) -> None:
        self._helper: HelperProcess | None = None
        self._order: ExportOrder | DreamExport | None = None
        self._place = Path()
        # Beside its place lies what is not whole yet: a helper that is stopped cleans up nothing.
        self._workshop: tempfile.TemporaryDirectory[str] | None = None
        self.state = ExportState()

    def start(self, order: ExportOrder | DreamExport) -> None:
        """Export in the background.

        Raises:
            LichenError: another export runs, or there is no folder to write to.
        """
        if self._helper is not None:
            raise LichenError(f"{self._place.name} is still being written; wait or cancel it.")
        folder = export_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._workshop = tempfile.TemporaryDirectory(
                dir=folder, prefix=".lichen-", ignore_cleanup_errors=True
            )
        except OSError as error:
            raise LichenError(f"cannot write to {folder}: {error.strerror}.") from error
        self._order, self._place = order, order.place(folder)
        unfinished = Path(self._workshop.name, self._place.name)
        self._helper = HelperProcess(*order.command(unfinished), module=order.module)
        self.state = ExportState(running=self._place.name)

    def poll(self) -> str | None:
        """Follow the export that runs; gives a sentence when it is written.

        Raises:
            LichenError: it failed; nothing was written.
        """
        if self._helper is None or self._helper.is_running:
            return None
        error = self._helper.error()
        try:
            if error:
                raise LichenError(error.removeprefix("lichen: "))
            self._move_into_place()
        finally:
            self._forget()
        self.state = ExportState(written=self._place)
        return f"Saved {self._place}"

    def cancel(self) -> None:
        """Stop the export that runs; it leaves nothing."""
        if self._helper is not None:
            self._helper.stop()
        self._forget()

    def open_written(self) -> None:
        """Show the last export in whatever the system opens it with. Raises LichenError."""
        if self._order is None or self.state.written is None:
            return
        open_with_system(self._order.opens(self.state.written))

    def _move_into_place(self) -> None:
        assert self._workshop is not None
        try:
            for made in Path(self._workshop.name).iterdir():
                made.rename(self._place.with_name(made.name))
        except OSError as error:
            raise LichenError(f"cannot write {self._place}: {error.strerror}.") from error

    def _forget(self) -> None:
        if self._workshop is not None:
            self._workshop.cleanup()
        self._helper, self._workshop, self.state = None, None, ExportState()


def free_place(folder: Path, stem: str, suffix: str) -> Path:
    """A name in a folder that is not taken yet, by itself or by what goes with it."""
    place, number = folder / f"{stem}{suffix}", 1
    while place.exists():
        number += 1
        place = folder / f"{stem} {number}{suffix}"
    return place


def export_folder() -> Path:
    """Where the panel's exports lie."""
    return platformdirs.user_documents_path() / "Lichen"


def open_with_system(path: Path) -> None:
    """Open a file or folder as a double click would. Raises LichenError where that fails."""
    try:
        if sys.platform == "win32":
            os.startfile(path)
        else:
            program = "open" if sys.platform == "darwin" else "xdg-open"
            subprocess.Popen([program, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise LichenError(
            f"this system has nothing to open {path} with ({error.strerror}); open it yourself."
        ) from error
