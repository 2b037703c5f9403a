"""What an automaton settles to, and its shaders compiled ahead: both in a process of their own.

    python -m viewer.settling AUTOMATON --grid WxH     compile for a grid of this size
    python -m viewer.settling AUTOMATON --output FILE  write the settled state and its picture

A large automaton takes about a second to compile, and the call holds the interpreter. The helper
compiles the very same shaders without a window; the driver keeps the result in its cache on disk,
where the window finds it a moment later. Settled states are what the stamp paints, and the
pictures are the thumbnails of automata that came without one.
"""

import argparse
import ctypes
import hashlib
import os
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path

import moderngl
import numpy as np
import platformdirs
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from exporters.atomic import atomic_path
from exporters.automaton_file import load_automaton
from exporters.errors import LichenError

SETTLED_GRID_CELLS = 128
FORM_GRID_CELLS = 64
SETTLING_STEPS = 600
LARGEST_CACHE_FILES = 600
LOW_PRIORITY = 10


def content_key(automaton_path: Path) -> str:
    """What a file holds, as a name for things made from it.

    Raises:
        LichenError: the file cannot be read.
    """
    try:
        return hashlib.sha256(automaton_path.read_bytes()).hexdigest()[:32]
    except OSError as error:
        raise LichenError(f"cannot read {automaton_path}: {error.strerror or error}.") from error


def settled_path(automaton_path: Path) -> Path:
    """Where the settled state of an automaton file is kept, with its picture beside it.

    Raises:
        LichenError: the file cannot be read.
    """
    folder = platformdirs.user_cache_path("lichen", appauthor=False) / "settled"
    return folder / f"{content_key(automaton_path)}.safetensors"


def load_settled(automaton_path: Path) -> NDArray[np.float32] | None:
    """The settled state [channels, height, width], or None where it is not made yet."""
    try:
        state = safetensors.numpy.load_file(settled_path(automaton_path))["state"]
    except (OSError, KeyError, ValueError, SafetensorError):
        return None
    return np.nan_to_num(state.astype(np.float32)) if state.ndim == 3 else None


class HelperProcess:
    """One run of a module beside the window; it ends by itself and can be stopped."""

    def __init__(self, *arguments: str | Path, module: str = "viewer.settling") -> None:
        command = [sys.executable, "-P", "-m", module, *map(str, arguments)]
        # A file takes any number of warnings; a pipe that nobody reads would stop it when full.
        self._complaints = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )

    @property
    def is_running(self) -> bool:
        """Whether it still works."""
        return self._process.poll() is None

    def error(self) -> str:
        """Its last words where it failed, or nothing; waits for its end."""
        self._process.wait()
        with self._complaints as file:
            file.seek(0)
            lines = file.read().decode(errors="replace").strip().splitlines()
        return (lines or ["it ended early"])[-1] if self._process.returncode else ""

    def stop(self) -> None:
        """End it now, if it still runs; what it had written whole stays."""
        self._process.kill()
        self._process.wait()
        self._complaints.close()


class SettlingQueue:
    """Settles automata one after the other, in the background."""

    def __init__(self) -> None:
        self._waiting: deque[Path] = deque()
        self._failed: set[Path] = set()
        self._current: Path | None = None
        self._helper: HelperProcess | None = None

    def request(self, automaton_path: Path, urgent: bool = False) -> None:
        """Ask for a settled state; one that failed before is not tried again."""
        if automaton_path in self._failed or automaton_path == self._current:
            return
        if automaton_path in self._waiting:
            self._waiting.remove(automaton_path)
        if urgent:
            self._waiting.appendleft(automaton_path)
        else:
            self._waiting.append(automaton_path)

    def is_pending(self, automaton_path: Path) -> bool:
        """Whether a requested state is still on its way."""
        return automaton_path == self._current or automaton_path in self._waiting

    def poll(self) -> Path | None:
        """Start what is due; gives the path of an automaton that has just settled."""
        finished = self._collect()
        if self._helper is None and self._waiting:
            self._current = self._waiting.popleft()
            try:
                output = settled_path(self._current)
            except LichenError:
                self._failed.add(self._current)
                self._current = None
            else:
                self._helper = HelperProcess(self._current, "--output", output)
        return finished

    def stop(self) -> None:
        """End the work; the next window takes it up again."""
        self._waiting.clear()
        if self._helper is not None:
            self._helper.stop()

    def _collect(self) -> Path | None:
        if self._helper is None or self._helper.is_running:
            return None
        assert self._current is not None
        finished, failed = self._current, bool(self._helper.error())
        self._helper = self._current = None
        if failed:
            self._failed.add(finished)
        return None if failed else finished


def main(arguments: list[str] | None = None) -> int:
    """The helper's own side of this module."""
    parser = argparse.ArgumentParser(prog="viewer.settling")
    parser.add_argument("automaton", type=Path)
    parser.add_argument("--grid", default=f"{SETTLED_GRID_CELLS}x{SETTLED_GRID_CELLS}")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.output is None:
            width, height = map(int, options.grid.split("x"))
            _compile(options.automaton, width, height)
        else:
            _settle(options.automaton, options.output)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _compile(automaton_path: Path, width: int, height: int) -> None:
    from viewer.context import create_headless_context
    from viewer.simulation import Simulation

    context = create_headless_context()
    Simulation(context, load_automaton(automaton_path), width, height).step()
    context.finish()
    _write_shader_cache(context)


def _settle(automaton_path: Path, output: Path) -> None:
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    from exporters.picture_file import save_picture
    from viewer.context import create_headless_context
    from viewer.simulation import Simulation

    context = create_headless_context()
    automaton = load_automaton(automaton_path)
    side = FORM_GRID_CELLS if automaton.alive_masking else SETTLED_GRID_CELLS
    simulation = Simulation(context, automaton, side, side)
    simulation.step(SETTLING_STEPS)
    output.parent.mkdir(parents=True, exist_ok=True)
    picture, state = simulation.read_picture(), simulation.read_state()
    save_picture(picture, output.with_suffix(".png"))
    if automaton.alive_masking:
        # A texture cannot tell what lies behind a form: it is stamped as the picture it makes.
        state = (picture.transpose(2, 0, 1) / 255 - 0.5).astype(np.float32)
    half = np.clip(state, -65504, 65504).astype(np.float16)
    with atomic_path(output) as temporary:
        safetensors.numpy.save_file({"state": half}, temporary)
    _forget_oldest(output.parent)
    _write_shader_cache(context)


def _write_shader_cache(context: moderngl.Context) -> None:
    """Make the driver finish what it writes in the background; a mere exit would cut it off."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:
        return
    egl.eglGetCurrentDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(egl.eglGetCurrentDisplay())
    egl.eglMakeCurrent(display, None, None, None)
    context.release()
    egl.eglTerminate(display)


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[LARGEST_CACHE_FILES:]:
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
