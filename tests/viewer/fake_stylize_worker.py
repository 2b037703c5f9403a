"""Stands in for `training.stylize.worker`: paints one colour, and needs no PyTorch.

What it does is the order's network: one of the functions below, or else `paint`. An iteration's
picture is as grey as its number, and the checkpoint holds that number.
"""

import io
import os
import sys

import numpy as np
from PIL import Image

from exporters.picture_file import save_picture
from training.endings import Failed, Finished, Stop, Stopped
from training.frames import Continue, Hello, Log, Pause
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import checkpoint_path, picture_path
from training.stylize.protocol import (
    LANGUAGE,
    BeginPainting,
    IterationDone,
    Message,
    PictureMade,
    State,
)

SIZE = (40, 30)
FIRST_ITERATIONS = 3
LARGE_SCALE = 2


class Worker:
    """Both ends of the line, the order, and how far the painting is."""

    def __init__(self) -> None:
        LANGUAGE.read(sys.stdin.buffer)
        self.say(Hello(os.getpid()))
        begin = LANGUAGE.read(sys.stdin.buffer)
        assert isinstance(begin, BeginPainting)
        self.order: StylizeOrder = begin.order
        kept = checkpoint_path(self.order.folder)
        self.iteration = int(kept.read_text()) if kept.exists() else 0
        self.kept_scale = 1

    def say(self, *messages: Message) -> None:
        for message in messages:
            LANGUAGE.write(sys.stdout.buffer, message)

    def iterate(self) -> None:
        self.iteration += 1
        count = self.order.iterations
        png = io.BytesIO()
        Image.fromarray(self.pixels()).save(png, "PNG")
        loss = 1 / self.iteration
        self.say(
            IterationDone(self.iteration, count, loss, float(count - self.iteration)),
            PictureMade(self.iteration, png.getvalue()),
        )

    def pixels(self) -> np.ndarray:
        return np.full((SIZE[1], SIZE[0], 3), self.iteration, np.uint8)

    def keep(self) -> None:
        pixels = self.pixels().repeat(self.kept_scale, 0).repeat(self.kept_scale, 1)
        save_picture(pixels, picture_path(self.order.folder))
        checkpoint_path(self.order.folder).write_text(str(self.iteration))


def paint(worker: Worker) -> None:
    """All iterations that are missing."""
    worker.say(Log("judged by nobody"), State("painting"))
    while worker.iteration < worker.order.iterations:
        worker.iterate()
    worker.keep()
    checkpoint_path(worker.order.folder).unlink()
    worker.say(Finished())


def obey(worker: Worker) -> None:
    """A few iterations, then as it is told; hung up on it keeps what is there."""
    worker.say(State("painting"))
    for _ in range(FIRST_ITERATIONS):
        worker.iterate()
    while (message := LANGUAGE.read(sys.stdin.buffer)) is not None:
        match message:
            case Pause():
                worker.keep()
                worker.say(State("paused"))
            case Continue():
                worker.say(State("painting"))
            case Stop():
                worker.keep()
                worker.say(Stopped())
                return
    worker.keep()


def paint_large(worker: Worker) -> None:
    """What is kept is larger than what is sent."""
    worker.kept_scale = LARGE_SCALE
    paint(worker)


def obey_large(worker: Worker) -> None:
    """The same of what does as it is told."""
    worker.kept_scale = LARGE_SCALE
    obey(worker)


def fail(worker: Worker) -> None:
    """Before anything is painted."""
    worker.say(Failed("there is no such network %s."))


if __name__ == "__main__":
    the_worker = Worker()
    globals().get(the_worker.order.network or "", paint)(the_worker)
