"""What the window and the painting process say to each other; docs/PROTOCOL.md tells the order.

Free of torch, like all that it imports.
"""

from dataclasses import dataclass
from typing import Literal

from training.endings import Failed, Finished, Stop, Stopped
from training.frames import Continue, Hello, Language, Log, Pause
from training.stylize.order import StylizeOrder

Phase = Literal["preparing", "painting", "paused"]


@dataclass(frozen=True)
class BeginPainting:
    """To the worker: paint this, or go on from the checkpoint in its folder. Comes once."""

    order: StylizeOrder


@dataclass(frozen=True)
class State:
    """To the window: what the worker does from now on."""

    phase: Phase


@dataclass(frozen=True)
class IterationDone:
    """To the window, after each iteration."""

    iteration: int
    iterations: int
    loss: float
    remaining_seconds: float


@dataclass(frozen=True)
class PictureMade:
    """To the window, a few times a second at most: the picture so far, a PNG as `payload`.

    Of a large painting it is a smaller copy; `picture_path(folder)` is as large as the painting.
    """

    iteration: int
    payload: bytes


ToWorker = Hello | BeginPainting | Pause | Continue | Stop
ToWindow = Hello | Log | State | IterationDone | PictureMade | Finished | Stopped | Failed
Message = ToWorker | ToWindow
LANGUAGE: Language[Message] = Language(Message)
