"""A virtual display with a virtual hand, for tests of the real window."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DISPLAY_SIZE = (1280, 800)
PATIENCE_SECONDS = 600


@dataclass
class Screen:
    """A virtual display; its pixels are read from the file that the server keeps them in."""

    name: str
    file: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to open its window here."""
        return os.environ | {"DISPLAY": self.name}

    def pixel(self, x: int, y: int) -> tuple[int, ...]:
        """The colour at a place, red, green, blue."""
        data = self.file.read_bytes()
        # The XWD format: a header of big-endian words, then a colour map, then rows.
        header = np.frombuffer(data[:100], ">u4").astype(int)
        start = header[0] + 12 * header[19] + y * header[12] + 4 * x
        blue, green, red = data[start : start + 3]
        return red, green, blue

    def shows(self, colour: tuple[int, ...], place: tuple[int, int]) -> bool:
        """Whether a place has a colour, or one that nobody could tell from it."""
        return bool(np.abs(np.subtract(self.pixel(*place), colour)).max() <= 2)

    def wait_for(self, colour: tuple[int, ...], place: tuple[int, int]) -> None:
        """Wait until a place shows a colour; fail where it never does."""
        wait_until(
            lambda: self.shows(colour, place),
            lambda: f"{place} shows {self.pixel(*place)}, expected {colour}",
        )

    def do(self, *arguments: str | int) -> None:
        """Move, press and type, in the words of xdotool."""
        subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.environment,
            check=True,
            timeout=PATIENCE_SECONDS,
        )

    def click(self, place: tuple[int, int]) -> None:
        """Press and release the left button, slowly enough for a slow machine."""
        self.do("mousemove", *place, "sleep", 0.2, "mousedown", 1, "sleep", 0.2)
        self.do("mouseup", 1, "sleep", 0.2)

    def drag(self, button: int, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at one place, move to another, release."""
        self.do("mousemove", *start, "sleep", 0.2, "mousedown", button, "sleep", 0.2)
        for share in (0.25, 0.5, 0.75, 1.0):
            x, y = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            self.do("mousemove", x, y, "sleep", 0.1)
        self.do("mouseup", button, "sleep", 0.2)


def wait_until(condition: Callable[[], bool], failure: Callable[[], str]) -> None:
    """Wait patiently; fail with a sentence where the condition never comes true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, failure()
        time.sleep(0.05)


@contextmanager
def virtual_screen(folder: Path) -> Iterator[Screen]:
    """A display that nobody else uses, with a number that the server picks."""
    reading, writing = os.pipe()
    size = "x".join(map(str, (*DISPLAY_SIZE, 24)))
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-fbdir", str(folder)]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield Screen(f":{number}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait()


@contextmanager
def open_window(screen: Screen, automaton: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`lichen view` as a user starts it, on a small grid; it does not outlive the block."""
    command = [sys.executable, "-m", "viewer", "view", str(automaton), "--grid", "64x64", *options]
    process = subprocess.Popen(command, env=screen.environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
