"""What the window and the dream process say to each other; docs/PROTOCOL.md tells the order.

Free of torch, like all that it imports.
"""

from dataclasses import dataclass
from typing import Literal

from training.dream.order import DreamOrder
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder
from training.endings import Failed, Finished, Stop, Stopped
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


Begin = BeginDream | BeginContactSheet | BeginWriting
ToWorker = Hello | Begin | Pause | Continue | Stop
ToWindow = (
    Hello | Log | State | FrameMade | SheetPictureMade | Suggestion | Finished | Stopped | Failed
)
Message = ToWorker | ToWindow
LANGUAGE: Language[Message] = Language(Message)
encode_message, write_message, read_message = LANGUAGE.encode, LANGUAGE.write, LANGUAGE.read
