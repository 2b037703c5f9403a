"""One painting in a process of its own, as the window sees it."""

from typing import get_args

from exporters.errors import LichenError
from training.frames import Continue
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import log_path
from training.stylize.protocol import (
    LANGUAGE,
    BeginPainting,
    Failed,
    Finished,
    IterationDone,
    Phase,
    PictureMade,
    State,
    Stop,
    Stopped,
    ToWindow,
)
from viewer.extras import TRAIN, is_installed, missing_extra_sentence
from viewer.worker_client import WorkerClient, WorkerDied
from viewer.worker_process import Dialect, Inbox, WorkerProcess

WORKER_MODULE = "training.stylize.worker"

Event = ToWindow | WorkerDied
Ending = Finished | Stopped | Failed | WorkerDied
DIALECT = Dialect("painting", LANGUAGE, get_args(ToWindow), get_args(Ending))


class StylizeClient(WorkerClient[Event]):
    """A worker that paints, and what it has told so far. Nothing here waits for the worker.

    Call `poll` every frame: of `PictureMade` it gives the newest alone, and every
    `IterationDone`. The last event of a worker is always one `Ending`. The order's folder must be
    there, with the two pictures (see `training.stylize.painting_files`).

    Attributes:
        phase: what the worker does; `ending` says how it ended.
        progress: how far the painting is; it outlives the worker.

    Raises:
        LichenError: the 'train' extra is missing, or the process cannot be started.
    """

    def __init__(self, order: StylizeOrder) -> None:
        self.order = order
        self.phase: Phase = "preparing"
        self.ending: Ending | None = None
        self.progress: IterationDone | None = None
        self._start()

    @property
    def can_resume(self) -> bool:
        """Whether it ended before all was painted, so that `resume` would go on."""
        return self.ending is not None and not isinstance(self.ending, Finished)

    def resume(self) -> None:
        """Go on: after a pause, or with a new worker from the checkpoint that was kept.

        Raises:
            LichenError: as the constructor.
        """
        if self.ending is None:
            self._worker.send(Continue())
        else:
            self._start()

    def stop(self) -> None:
        """End it after the iteration under way, with all kept; `poll` tells when it has ended."""
        self._worker.send(Stop())

    def _start(self) -> None:
        if not is_installed(TRAIN):
            raise LichenError(missing_extra_sentence(TRAIN, "style transfer"))
        self._inbox = Inbox(superseded=(PictureMade,))
        self._worker = WorkerProcess(
            WORKER_MODULE, log_path(self.order.folder), DIALECT, self._inbox.put, WorkerDied
        )
        self.phase, self.ending = "preparing", None
        self._worker.send(BeginPainting(self.order))

    def _take_in(self, event: Event) -> None:
        match event:
            case State(phase):
                self.phase = phase
            case IterationDone():
                self.progress = event
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event
