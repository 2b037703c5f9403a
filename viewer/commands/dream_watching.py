"""A dream's worker as the terminal shows it: a bar, frames, their speed and the time left."""

import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from exporters.errors import LichenError
from training.dream.order import DreamOrder
from training.dream.protocol import FrameMade, State
from training.endings import Failed
from training.frames import Log
from viewer.dream_client import DreamClient, Event, Order
from viewer.worker_client import WorkerDied

LOOK_SECONDS = 0.02
STOP_SECONDS = 3.0


def events_of(order: Order) -> Iterator[Event]:
    """What a worker says as it carries out an order, to its end; whoever leaves early stops it.

    Raises:
        LichenError: it cannot start, failed or died.
    """
    client = DreamClient(order)
    try:
        while client.ending is None:
            yield from client.poll()
            time.sleep(LOOK_SECONDS)
    finally:
        client.stop()
        if not client.wait(STOP_SECONDS):
            client.kill()
    if isinstance(client.ending, Failed | WorkerDied):
        raise LichenError(client.ending.sentence)


def watch(order: DreamOrder, console: Console) -> Iterator[int]:
    """Let a worker dream, and show it; gives the index of each frame that is there.

    Raises:
        LichenError: it cannot start, failed or died.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} frames"),
        TextColumn("{task.fields[speed]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    frame_count = order.journey.frame_count
    task = bar.add_task("preparing", total=frame_count, speed="")
    with bar:
        for event in events_of(order):
            match event:
                case State(phase):
                    bar.update(task, description=phase)
                case Log(text):
                    bar.console.print(text, soft_wrap=True)
                case FrameMade(index):
                    bar.update(task, completed=index + 1, speed=speed_in_words(event))
                    yield index


def speed_in_words(progress: FrameMade) -> str:
    """Frames a second, or seconds a frame, and the time left; nothing where it is not known yet."""
    seconds = progress.seconds_per_frame
    if seconds == 0:
        return ""
    speed = f"{1 / seconds:.1f} frames/s" if seconds < 1 else f"{seconds:.1f} s/frame"
    minutes, rest = divmod(round(progress.remaining_seconds), 60)
    return f"{speed}, {minutes}:{rest:02d} left"
