"""One dream in a process of its own, as the window sees it."""

from pathlib import Path
from typing import get_args

from exporters.errors import LichenError
from training.dream.dream_files import log_path
from training.dream.order import DreamOrder
from training.dream.protocol import (
    LANGUAGE,
    BeginContactSheet,
    BeginDream,
    BeginWriting,
    Failed,
    Finished,
    FrameMade,
    Phase,
    State,
    Stop,
    Stopped,
    ToWindow,
)
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder
from training.frames import Continue
from viewer.extras import DREAM, is_installed, missing_extra_sentence
from viewer.worker_client import WorkerClient, WorkerDied
from viewer.worker_process import Dialect, Inbox, WorkerProcess

WORKER_MODULE = "training.dream.worker"

Order = DreamOrder | ContactSheetOrder | WritingOrder


Event = ToWindow | WorkerDied
Ending = Finished | Stopped | Failed | WorkerDied
DIALECT = Dialect("dream", LANGUAGE, get_args(ToWindow), get_args(Ending))


class DreamClient(WorkerClient[Event]):
    """A worker that dreams, and what it has told so far. Nothing here waits for the worker.

    Call `poll` every frame: of `FrameMade` it gives the newest alone, since all frames up to it
    lie in the folder. The last event of a worker is always one `Ending`. The order's folder
    must be there; of a dream it holds the first frame, unless a model is to imagine it, and the
    pictures that prompts name (`viewer.dream_preparation` makes all that).

    Attributes:
        order: what is made: a dream, a contact sheet of first pictures, or prompts.
        phase: what the worker does; `ending` says how it ended.
        progress: how far a dream is; it outlives the worker.

    Raises:
        LichenError: the 'dream' extra is missing, or the process cannot be started.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.phase: Phase = "preparing"
        self.ending: Ending | None = None
        self.progress: FrameMade | None = None
        self._start()

    @property
    def can_resume(self) -> bool:
        """Whether it ended before all was made, so that `resume` would go on."""
        return self.ending is not None and not isinstance(self.ending, Finished)

    def resume(self) -> None:
        """Go on: after a pause, or with a new worker from the frames that were kept.

        Raises:
            LichenError: as the constructor.
        """
        if self.ending is None:
            self._worker.send(Continue())
        else:
            self._start()

    def stop(self) -> None:
        """End it now; the frame under way is lost, and `poll` tells when it has ended."""
        self._worker.send(Stop())

    def _start(self) -> None:
        if _needs_the_extra(self.order) and not is_installed(DREAM):
            raise LichenError(missing_extra_sentence(DREAM))
        self._inbox = Inbox(superseded=(FrameMade,))
        self._worker = WorkerProcess(
            WORKER_MODULE, _log_path(self.order), DIALECT, self._inbox.put, WorkerDied
        )
        self.phase, self.ending = "preparing", None
        self._worker.send(_begin(self.order))

    def _take_in(self, event: Event) -> None:
        match event:
            case State(phase):
                self.phase = phase
            case FrameMade():
                self.progress = event
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event


def _begin(order: Order) -> BeginDream | BeginContactSheet | BeginWriting:
    match order:
        case DreamOrder():
            return BeginDream(order)
        case ContactSheetOrder():
            return BeginContactSheet(order)
        case WritingOrder():
            return BeginWriting(order)


def _needs_the_extra(order: Order) -> bool:
    return not (isinstance(order, DreamOrder) and order.backend == "patch")


def _log_path(order: Order) -> Path:
    return log_path(order.folder)
