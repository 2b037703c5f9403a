"""A dream at a window's command, from the order to the last frame."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from exporters.errors import LichenError
from exporters.picture_file import save_picture
from training.dream.control import Control
from training.dream.dream_files import frame_path
from training.dream.dreamers import build_dreamer, imagine_start
from training.dream.dreaming import Dreaming, Frame
from training.dream.kept_frames import load_frame, newest_unbroken
from training.dream.order import DreamOrder
from training.dream.protocol import FrameMade, ToWindow
from training.frames import Log

# The newest frame's share in the time that a frame takes.
NEWEST_SHARE = 0.2


class Session:
    """Dreams the frames that are missing, as `control` wishes, and says so through `send`.

    Files are written within `unbroken`, since the process may end at any other moment.
    """

    def __init__(
        self,
        order: DreamOrder,
        send: Callable[[ToWindow], None],
        control: Control,
        unbroken: AbstractContextManager[object],
    ) -> None:
        self._order = order
        self._send = send
        self._control = control
        self._unbroken = unbroken

    def run(self) -> None:
        """Dream to the end.

        Raises:
            LichenError: the order cannot be carried out, or a frame cannot be written.
            Interrupted: the end was asked for.
        """
        self._control.enter("preparing")
        start = self._start()
        frame_count = self._order.journey.frame_count
        newest, frame = newest_unbroken(self._order.folder, start, frame_count)
        self._tell_progress(newest, 0.0)
        if newest + 1 == frame_count:
            return
        dreamer = build_dreamer(self._order, self._control.should_stop, self._tell)
        self._tell(dreamer.description)
        dreaming = Dreaming(self._order.journey, start, dreamer)
        self._control.enter("dreaming")
        seconds_per_frame: float | None = None
        for index in range(newest + 1, frame_count):
            self._control.check()
            began_at_seconds = time.monotonic()
            frame = dreaming.next_frame(frame, index)
            self._keep(frame, index)
            seconds = time.monotonic() - began_at_seconds
            seconds_per_frame = _smoothed(seconds_per_frame, seconds)
            self._tell_progress(index, seconds_per_frame)

    def _start(self) -> Frame:
        """Frame 0: what lies there, or what a model imagines."""
        start = load_frame(self._order.folder, 0)
        if start is None and self._order.source is not None:
            raise LichenError(
                f"the picture that the dream starts from, {frame_path(self._order.folder, 0)}, is "
                "missing or damaged; start a new dream."
            )
        if start is None:
            start = imagine_start(self._order, self._control.should_stop, self._tell)
            self._keep(start, 0)
        return start

    def _keep(self, frame: Frame, index: int) -> None:
        with self._unbroken:
            save_picture(frame, frame_path(self._order.folder, index))

    def _tell(self, sentence: str) -> None:
        self._send(Log(sentence))

    def _tell_progress(self, index: int, seconds_per_frame: float) -> None:
        frame_count = self._order.journey.frame_count
        remaining_seconds = (frame_count - 1 - index) * seconds_per_frame
        self._send(FrameMade(index, frame_count, seconds_per_frame, remaining_seconds))


def _smoothed(mean_seconds: float | None, seconds: float) -> float:
    if mean_seconds is None:
        return seconds
    return mean_seconds + NEWEST_SHARE * (seconds - mean_seconds)
