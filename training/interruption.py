"""Ctrl-C asks a training to stop after its iteration; a second one stops it at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether somebody asked to stop."""

    def __init__(self) -> None:
        self.requested = False

    def __call__(self) -> bool:
        """Say whether to stop."""
        return self.requested


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Catch SIGINT and SIGTERM for the length of the block."""
    interruption = Interruption()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if interruption.requested:
            raise KeyboardInterrupt
        interruption.requested = True

    signals = (signal.SIGINT, signal.SIGTERM)
    previous = [signal.signal(number, on_signal) for number in signals]
    try:
        yield interruption
    finally:
        for number, handler in zip(signals, previous, strict=True):
            signal.signal(number, handler)
