"""What all worker processes have in common: the line to the window, signals and manners."""

import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, TypeVar

from exporters.errors import LichenError
from training.frames import Hello, Language, check_version
from training.wishes import Wishes

LOW_PRIORITY = 10

Beginning = TypeVar("Beginning")


class Window:
    """The window's end of the line. Speaking to one that has gone is no error."""

    def __init__(self, stream: BinaryIO, language: Language[Any]) -> None:
        self._stream = stream
        self._language = language
        self._lock = threading.RLock()
        self._listens = True

    def send(self, message: object) -> None:
        """Say it, if anybody listens."""
        with self._lock:
            if self._listens:
                try:
                    self._language.write(self._stream, message)
                except OSError:
                    self._listens = False

    def leave(self) -> None:
        """Say nothing from here on."""
        self._listens = False

    def end(self, message: object) -> None:
        """Say it as the last thing, whoever else is about to speak."""
        with self._lock:
            self.send(message)
            self.leave()


def serve_window(
    language: Language[Any],
    beginnings: tuple[type[Beginning], ...],
    serve: Callable[[Beginning, Window, BinaryIO], object],
    failed: Callable[[str], object],
) -> int:
    """Serve one order over the standard streams; whatever goes wrong is told. Gives the exit code.

    One of `beginnings` brings the order. `serve` gets it with the window and the stream of further
    wishes, and gives the last message; `failed` makes one of a sentence.
    """
    faulthandler.enable()
    commands, stream = take_standard_streams()
    window = Window(stream, language)
    window.send(Hello(os.getpid()))
    try:
        beginning = _receive(commands, language, beginnings)
        if beginning is not None:
            window.end(serve(beginning, window, commands))
    except LichenError as error:
        window.end(failed(str(error)))
        return 2
    return 0


def _receive(
    commands: BinaryIO, language: Language[Any], beginnings: tuple[type[Beginning], ...]
) -> Beginning | None:
    greeting = language.read(commands)
    if greeting is None:
        return None
    check_version(greeting)
    message = language.read(commands)
    if message is None or isinstance(message, beginnings):
        return message
    raise LichenError(f"a {type(message).__name__} came before the order; start again.")


def take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two ends of the line; what libraries print goes to standard error from here on."""
    stream = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb", buffering=0), stream


def hear_window(wishes: Wishes[Any], commands: BinaryIO, at_signals: str) -> None:
    """Hear what the window wants, ask for `at_signals` where the system wants an end, make way."""
    threading.Thread(target=wishes.listen, args=(commands,), daemon=True).start()
    end_on_signals(lambda: wishes.ask(at_signals))
    make_way_for_the_window()


def end_on_signals(end: Callable[[], None]) -> None:
    """Call `end` at SIGTERM and SIGINT; the terminal's farewell is ignored."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        # In a thread: whatever the signal came between may hold the lock that is needed.
        threading.Thread(target=end).start()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def make_way_for_the_window() -> None:
    """One core is left free, and on the others the window comes first."""
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, _core_count() - 1)))


def explain(error: Exception, activity: str, log: Path) -> str:
    """An error as one sentence; what nobody foresaw is printed in full, which goes to the log."""
    if isinstance(error, LichenError):
        return str(error)
    traceback.print_exception(error)
    return f"the {activity} met an unexpected error ({error!r:.200}); {log} tells more."


def _core_count() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
