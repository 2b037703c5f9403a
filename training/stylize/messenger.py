"""Tells a window how a painting goes: every iteration, and the picture now and then."""

import io
import time
from collections.abc import Callable

from PIL import Image

from training.stylize.painting import Painting
from training.stylize.protocol import IterationDone, PictureMade, ToWindow
from training.stylize.watchers import side_by_side

PICTURE_SECONDS = 0.2
# How much of the time pictures may take.
LARGEST_PICTURE_SHARE = 0.1
# A larger picture is sent smaller: screens show no more, and a message holds no more.
LARGEST_SENT_SIDE_PIXELS = 2048
# Noise takes several times as long at the usual level, for a few bytes less.
COMPRESSION_LEVEL = 1


class Messenger:
    """Called when the painting has begun, or is gone on with, and after each iteration."""

    def __init__(self, send: Callable[[ToWindow], None], iteration: int) -> None:
        """`iteration` is how far the painting is when it begins."""
        self._send = send
        self._told_iteration = iteration
        self._sent_iteration: int | None = None
        self._next_picture_at_seconds = time.monotonic()

    def __call__(self, painting: Painting) -> None:
        """Tell what is new."""
        if painting.iteration > self._told_iteration:
            self._told_iteration = painting.iteration
            remaining_seconds = painting.progress.remaining_seconds
            self._send(
                IterationDone(
                    painting.iteration, painting.iterations, painting.loss, remaining_seconds
                )
            )
        if time.monotonic() >= self._next_picture_at_seconds:
            self.send_picture(painting)

    def send_picture(self, painting: Painting) -> None:
        """Show the picture as it is now, unless that was done."""
        if painting.iteration == self._sent_iteration:
            return
        began_at_seconds = time.monotonic()
        self._send(PictureMade(painting.iteration, _encode(painting)))
        self._sent_iteration = painting.iteration
        spent_seconds = time.monotonic() - began_at_seconds
        self._next_picture_at_seconds = began_at_seconds + max(
            PICTURE_SECONDS, spent_seconds / LARGEST_PICTURE_SHARE
        )


def _encode(painting: Painting) -> bytes:
    picture = Image.fromarray(side_by_side(painting.pictures()))
    picture.thumbnail((LARGEST_SENT_SIDE_PIXELS, LARGEST_SENT_SIDE_PIXELS))
    file = io.BytesIO()
    picture.save(file, format="PNG", compress_level=COMPRESSION_LEVEL)
    return file.getvalue()
