"""Files of other programs that the user opens: `lichen import` beside the window.

What is imported lies in the user's own folder, under the file's name, so that nothing is lost when
the window closes. PyTorch, which some files need, never gets into this process.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from exporters.errors import LichenError
from exporters.gallery import user_folder
from exporters.importers.names import file_name

COMMAND = (sys.executable, "-P", "-m", "viewer", "import")


@dataclass(frozen=True)
class ImportedFile:
    """What became of one file: the automata written, and what they lack."""

    source: Path
    paths: tuple[Path, ...]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        count = len(self.paths)
        what = "1 automaton" if count == 1 else f"{count:,} automata"
        return " ".join([f"Imported {what} from {self.source.name}.", *self.notes])


class ImportRun:
    """One file on its way; its process ends by itself and can be stopped."""

    def __init__(self, source: Path) -> None:
        self.source = source
        # Files rather than pipes: nobody reads while the process writes.
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        folder = user_folder() / file_name(source.stem)
        self._process = subprocess.Popen(
            [*COMMAND, "--beside", "--output", str(folder), "--", str(source.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
            # What it prints are names in any script.
            env={**os.environ, "PYTHONUTF8": "1"},
        )

    @property
    def is_running(self) -> bool:
        """Whether it still works."""
        return self._process.poll() is None

    def finish(self) -> ImportedFile:
        """Wait for its end. Raises LichenError, the command's own sentence, where it failed."""
        exit_code = self._process.wait()
        paths, notes = _lines(self._out), _lines(self._err)
        if exit_code:
            complaint = (notes or ["it ended early"])[-1].removeprefix("lichen: ")
            raise LichenError(complaint)
        return ImportedFile(self.source, tuple(map(Path, paths)), tuple(notes))

    def stop(self) -> None:
        """End it now, if it still runs."""
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._err.close()


class Imports:
    """The files that the window imports, one after another."""

    def __init__(self) -> None:
        self._waiting: list[Path] = []
        self._run: ImportRun | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a file is on its way, or waits."""
        return self._run is not None or bool(self._waiting)

    def start(self, source: Path) -> None:
        """Import a file as soon as those before it are done."""
        self._waiting.append(source)

    def poll(self) -> ImportedFile | None:
        """Follow what runs; gives a file that has just been imported.

        Raises:
            LichenError: a file could not be imported.
        """
        if self._run is None and self._waiting:
            self._run = ImportRun(self._waiting.pop(0))
        if self._run is None or self._run.is_running:
            return None
        finished, self._run = self._run, None
        return finished.finish()

    def stop(self) -> None:
        """End what runs and forget what waits."""
        self._waiting.clear()
        if self._run is not None:
            self._run.stop()
            self._run = None


def _lines(file: IO[bytes]) -> list[str]:
    with file:
        file.seek(0)
        return file.read().decode(errors="replace").splitlines()
