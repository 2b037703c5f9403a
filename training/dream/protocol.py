"""What the window and the dream process say to each other; docs/PROTOCOL.md tells the order.

Free of torch, like all that it imports.
"""

from dataclasses import dataclass
from typing import Literal

from training.dream.order import DreamOrder
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder
from training.frames import Continue, Hello, Language, Log, Pause

Phase = Literal["preparing", "dreaming", "paused"]


@dataclass(frozen=True)
class BeginDream:
    """To the worker: dream this, or go on with the frames that lie in its folder. Comes once."""

    order: DreamOrder


@dataclass(frozen=True)
class BeginContactSheet:
    """To the worker, instead: make first pictures to choose from."""

    order: ContactSheetOrder


@dataclass(frozen=True)
class BeginWriting:
    """To the worker, instead: suggest prompts."""

    order: WritingOrder


@dataclass(frozen=True)
class Stop:
    """To the worker: end now; what lies in the folder stays."""


@dataclass(frozen=True)
class State:
    """To the window: what the worker does from now on."""

    phase: Phase


@dataclass(frozen=True)
class FrameMade:
    """To the window: all frames up to this one lie in the folder.

    The first one tells of frames that were there already; it knows no times, which are 0 then.
    """

    index: int
    frame_count: int
    seconds_per_frame: float
    remaining_seconds: float


@dataclass(frozen=True)
class SheetPictureMade:
    """To the window: this first picture lies in the folder; rows are guidances, columns seeds."""

    row: int
    column: int
    seed: int
    guidance: float


@dataclass(frozen=True)
class Suggestion:
    """To the window: a prompt that might come next."""

    text: str


@dataclass(frozen=True)
class Finished:
    """To the window, as the last message: all that was ordered is there."""


@dataclass(frozen=True)
class Stopped:
    """To the window, as the last message: ended as asked; a new worker could go on."""


@dataclass(frozen=True)
class Failed:
    """To the window, as the last message: why it cannot go on."""

    sentence: str


Begin = BeginDream | BeginContactSheet | BeginWriting
ToWorker = Hello | BeginDream | BeginContactSheet | BeginWriting | Pause | Continue | Stop
ToWindow = (
    Hello | Log | State | FrameMade | SheetPictureMade | Suggestion | Finished | Stopped | Failed
)
Message = ToWorker | ToWindow
LANGUAGE: Language[Message] = Language(Message)
encode_message, write_message, read_message = LANGUAGE.encode, LANGUAGE.write, LANGUAGE.read
