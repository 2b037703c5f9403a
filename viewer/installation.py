"""Installing an extra with pip beside the running program: watched, and stopped at will."""

import atexit
import importlib
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from enum import Enum
from pathlib import Path

from exporters.errors import LichenError
from viewer.extras import Extra

LOW_PRIORITY = 10
DOWNLOAD_SHARE = 0.9
PROGRESS_LINE = re.compile(r"Progress (\d+) of \d+")
# pip replaces these where a package asks for it, and the program does not run on them.
UNPINNED = {"lichen", "pip", "setuptools", "wheel"}


class State(Enum):
    """Where an installation stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Installation:
    """One run of pip in a process group of its own, at low priority.

    Call `poll` now and then, and show `state`, `progress` (0 to 1, never falling), the last of
    `lines`, and `error`, one sentence where it failed. Nothing here waits for pip. What is
    installed already stays as it is, so that the program never loses what it runs on.

    Raises:
        LichenError: the environment is read-only, or its disk is full.
    """

    def __init__(self, extra: Extra) -> None:
        self.extra = extra
        self.state = State.RUNNING
        self.progress = 0.0
        self.lines: list[str] = []
        self.error = ""
        self._download = DownloadCount(extra.download_megabytes * 1_000_000)
        self._records_before = metadata_folders()
        try:
            # Inside the environment, where there must be room anyway: /tmp may live in memory.
            self._folder = tempfile.TemporaryDirectory(prefix="install-", dir=sys.prefix)
            self._process = _start_pip(extra, Path(self._folder.name))
        except OSError as error:
            raise LichenError(f"cannot install into {sys.prefix}: {error.strerror}.") from error
        self._output = (Path(self._folder.name) / "output").open("rb")
        self._unfinished_line = b""
        atexit.register(self.cancel)

    def poll(self) -> State:
        """Take in what pip has said so far and bring every attribute up to date."""
        if self.state is State.RUNNING:
            exit_code = self._process.poll()
            self._read_output()
            if exit_code is not None:
                self._end(State.FAILED if exit_code else State.FINISHED)
        return self.state

    def cancel(self) -> None:
        """Stop pip and all that it started; the environment stays usable."""
        if self.poll() is State.RUNNING:
            _kill_group(self._process)
            self._end(State.CANCELLED)

    def _end(self, state: State) -> None:
        self.state = state
        if state is State.FINISHED:
            self.progress = 1.0
        else:
            remove_half_installed(metadata_folders() - self._records_before)
        if state is State.FAILED:
            self.error = f"the '{self.extra.name}' extra was not installed: {self._reason()}"
        importlib.invalidate_caches()
        atexit.unregister(self.cancel)
        self._output.close()
        self._folder.cleanup()

    def _reason(self) -> str:
        if any("connection broken" in line for line in self.lines):
            return "the package index cannot be reached; check the network connection."
        errors = [line for line in self.lines if line.lower().startswith("error:")]
        if errors:
            return errors[-1].partition(":")[2].strip()
        return f"pip ended with exit code {self._process.returncode}."

    def _read_output(self) -> None:
        *lines, self._unfinished_line = (self._unfinished_line + self._output.read()).split(b"\n")
        for line in lines:
            self._read_line(line.decode(errors="replace").strip())

    def _read_line(self, line: str) -> None:
        if match := PROGRESS_LINE.fullmatch(line):
            fraction = self._download.fraction_after(int(match[1]))
            self.progress = max(self.progress, DOWNLOAD_SHARE * fraction)
        elif line:
            self.lines.append(line)
            if line.startswith("Installing collected packages"):
                self.progress = DOWNLOAD_SHARE


class DownloadCount:
    """Adds up pip's progress, which starts anew with every file."""

    def __init__(self, expected_bytes: int) -> None:
        self._expected_bytes = expected_bytes
        self._earlier_files_bytes = 0
        self._file_bytes = 0

    def fraction_after(self, file_bytes: int) -> float:
        """The share of everything that has arrived, given the current file's bytes so far."""
        if file_bytes < self._file_bytes:
            self._earlier_files_bytes += self._file_bytes
        self._file_bytes = file_bytes
        return min((self._earlier_files_bytes + file_bytes) / self._expected_bytes, 1.0)


def _start_pip(extra: Extra, folder: Path) -> subprocess.Popen[bytes]:
    pins = folder / "pins.txt"
    pins.write_text("\n".join(_pins()), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "pip", "install", "--progress-bar", "raw"]
    environment = {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder),
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--constraint", str(pins), *extra.requirements],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            process_group=0,
        )
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PGRP, process.pid, LOW_PRIORITY)
    return process


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _pins() -> list[str]:
    """Every installed package at its present version, in pip's words."""
    installed = {
        distribution.name: distribution.version
        for distribution in importlib.metadata.distributions()
    }
    return [f"{name}=={version}" for name, version in installed.items() if name not in UNPINNED]


def metadata_folders() -> set[Path]:
    return set(Path(sysconfig.get_path("purelib")).glob("*.dist-info"))


def remove_half_installed(folders: set[Path]) -> None:
    """Forget packages that pip had not finished: their list of files is written last.

    Without this pip would later take such a package for installed.
    """
    for folder in folders:
        if not (folder / "RECORD").exists():
            shutil.rmtree(folder, ignore_errors=True)
