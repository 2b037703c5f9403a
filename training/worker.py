"""`python -m training.worker`: one training for a window, over the standard streams.

docs/PROTOCOL.md tells what the two say to each other.
"""

import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from exporters.errors import LichenError
from training.control import Control
from training.order import TrainingOrder
from training.out_of_memory import out_of_memory_explained
from training.protocol import (
    Begin,
    Failed,
    Finished,
    Hello,
    Stopped,
    ToWindow,
    check_version,
    read_message,
    write_message,
)
from training.run_files import checkpoint_path, log_path
from training.run_status import claimed, note_phase

LOW_PRIORITY = 10

Ending = Finished | Stopped | Failed


class Window:
    """The window's end of the line. Speaking to one that has gone is no error."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._listens = True

    def send(self, message: ToWindow) -> None:
        """Say it, if anybody listens."""
        with self._lock:
            if self._listens:
                try:
                    write_message(self._stream, message)
                except OSError:
                    self._listens = False

    def leave(self) -> None:
        """Say nothing from here on."""
        self._listens = False


def main() -> int:
    """Serve one order; everything that goes wrong is told to the window."""
    faulthandler.enable()
    commands, stream = take_standard_streams()
    window = Window(stream)
    window.send(Hello(os.getpid()))
    try:
        order = _receive_order(commands)
        if order is not None:
            window.send(_serve(order, window, commands))
    except LichenError as error:
        window.send(Failed(str(error), checkpoint_kept=False))
        return 2
    return 0


def take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two ends of the line; what libraries print goes to standard error from here on."""
    stream = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb", buffering=0), stream


def _receive_order(commands: BinaryIO) -> TrainingOrder | None:
    greeting = read_message(commands)
    if greeting is None:
        return None
    check_version(greeting)
    message = read_message(commands)
    if not isinstance(message, Begin | None):
        raise LichenError(f"a {type(message).__name__} came before the order; start again.")
    return message.order if message else None


def _serve(order: TrainingOrder, window: Window, commands: BinaryIO) -> Finished | Stopped | Failed:
    def end_early() -> None:
        window.send(Stopped())
        os._exit(0)

    control = Control(window.leave, end_early)
    threading.Thread(target=control.listen, args=(commands,), daemon=True).start()
    _finish_on_signals(control)
    _make_way_for_the_window()
    return carry_out(order, window.send, control)


def carry_out(order: TrainingOrder, send: Callable[[ToWindow], None], control: Control) -> Ending:
    """Train as ordered and give the last message, whatever happens.

    Raises:
        LichenError: somebody else is at it.
    """
    with claimed(order.output):
        try:
            note_phase(order.output, "preparing")
            return _train(order, send, control)
        except Exception as error:
            sentence = _sentence(error, log_path(order.output))
            with suppress(LichenError):  # The disk may be full.
                note_phase(order.output, "failed", sentence)
            return Failed(sentence, checkpoint_path(order.output).is_file())


def _train(order: TrainingOrder, send: Callable[[ToWindow], None], control: Control) -> Ending:
    with out_of_memory_explained():
        # PyTorch takes seconds to load, and reads the number of threads as it does.
        from training.session import Session

        return Session(order, send, control).run()


def _finish_on_signals(control: Control) -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        # In a thread: whatever the signal came between may hold the lock that is needed.
        threading.Thread(target=control.ask, args=("finish",)).start()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _make_way_for_the_window() -> None:
    """One core is left free, and on the others the window comes first."""
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, _core_count() - 1)))


def _core_count() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sentence(error: Exception, log: Path) -> str:
    if isinstance(error, LichenError):
        return str(error)
    traceback.print_exception(error)
    return f"the training met an unexpected error ({error!r:.200}); {log} tells more."


if __name__ == "__main__":
    sys.exit(main())
