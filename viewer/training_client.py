"""One training in a process of its own, as the window sees it."""

from collections import deque
from dataclasses import dataclass
from typing import get_args

from exporters.errors import LichenError
from training.frames import Continue
from training.order import TrainingOrder
from training.protocol import (
    LANGUAGE,
    Advanced,
    Begin,
    CheckAdvanced,
    Detach,
    Failed,
    Finished,
    Phase,
    PoolPictures,
    Snapshot,
    State,
    Stop,
    Stopped,
    ToWindow,
)
from training.run_files import checkpoint_path, log_path
from viewer.extras import TRAIN, is_installed, missing_extra_sentence
from viewer.loss_curve import LossCurve
from viewer.training_runs import leave_stand_in, resumed
from viewer.worker_client import WorkerClient
from viewer.worker_process import Dialect, Inbox, WorkerProcess

WORKER_MODULE = "training.worker"


@dataclass(frozen=True)
class WorkerDied:
    """The last event where the worker could not say itself why it ended."""

    sentence: str
    checkpoint_kept: bool


Event = ToWindow | WorkerDied
Ending = Finished | Stopped | Failed | WorkerDied
DIALECT = Dialect("training", LANGUAGE, get_args(ToWindow), get_args(Ending))


class TrainingClient(WorkerClient[Event]):
    """A worker that trains, and what it has told so far. Nothing here waits for the worker.

    Call `poll` every frame: of snapshots, pool pictures and progress it gives the newest alone.
    The last event of a worker is always one `Ending`. `order.output` names the automaton file; its
    folder must be there, and takes the worker's other files too.

    Attributes:
        phase: what the worker does; `ending` says how it ended.
        progress, snapshot, pool_pictures: the newest that came; they outlive the worker.
        losses: one point for each iteration, whatever `poll` left out.
        is_unwanted: whether there is nothing to keep of it: the user said so, or ended it before
            it had learnt anything.
        was_to_be_kept: whether the user ended it, and its result was to be kept.

    Raises:
        LichenError: the 'train' extra is missing, or the process cannot be started.
    """

    _inbox: "TrainingInbox"

    def __init__(self, order: TrainingOrder) -> None:
        self.order = order
        self.phase: Phase = "preparing"
        self.ending: Ending | None = None
        self.progress: Advanced | None = None
        self.snapshot: Snapshot | None = None
        self.pool_pictures: PoolPictures | None = None
        self.losses = LossCurve()
        self.is_unwanted = False
        self._start(order)

    @property
    def can_resume(self) -> bool:
        """Whether there is a checkpoint that `resume` would go on from."""
        return checkpoint_path(self.order.output).is_file()

    def poll(self) -> list[Event]:
        """What the worker has said since the last call, in order."""
        events = super().poll()
        for iteration, loss in self._inbox.take_losses():
            self.losses.append(iteration, loss)
        return events

    def resume(self) -> None:
        """Go on: after a pause, or with a new worker where the old one is gone.

        A new worker goes on from the last checkpoint; where there is none, it begins anew.

        Raises:
            LichenError: as the constructor.
        """
        if self.ending is None:
            self._worker.send(Continue())
        else:
            self._start(resumed(self.order))

    def stop(self, keep: bool) -> None:
        """End the training after the iteration under way; `poll` tells when it has ended."""
        self.is_unwanted, self.was_to_be_kept = not keep, keep
        self._worker.send(Stop(keep))
        self._end_unwanted_check()

    def detach(self) -> None:
        """Let the worker go on alone; it outlives the window and says nothing any more."""
        self._worker.send(Detach())
        self.close()

    def _start(self, order: TrainingOrder) -> None:
        if not is_installed(TRAIN):
            raise LichenError(missing_extra_sentence(TRAIN))
        leave_stand_in(order)
        self._inbox = TrainingInbox()
        self._worker = WorkerProcess(
            WORKER_MODULE, log_path(order.output), DIALECT, self._inbox.put, self._died
        )
        self.phase, self.ending = "preparing", None
        self.was_to_be_kept = False
        self._worker.send(Begin(order))

    def _end_unwanted_check(self) -> None:
        """A worker that checks hears nothing any more, and its verdict is of no use."""
        if self.is_unwanted and self.phase == "checking":
            self._worker.kill()

    def _died(self, sentence: str) -> WorkerDied:
        return WorkerDied(sentence, self.can_resume)

    def _take_in(self, event: Event) -> None:
        match event:
            case State(phase):
                self.phase = phase
                self._end_unwanted_check()
            case Advanced():
                self.progress = event
            case Snapshot():
                self.snapshot = event
            case PoolPictures():
                self.pool_pictures = event
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event
                if event == Stopped() and self.was_to_be_kept:
                    self.is_unwanted = not self.can_resume


class TrainingInbox(Inbox[Event]):
    """Also keeps the loss of every iteration, whatever else is superseded."""

    def __init__(self) -> None:
        super().__init__(superseded=(Advanced, Snapshot, PoolPictures, CheckAdvanced))
        self._losses: deque[tuple[int, float]] = deque()

    def put(self, event: Event) -> None:
        """Add an event."""
        if isinstance(event, Advanced):
            self._losses.append((event.iteration, event.loss))
        super().put(event)

    def take_losses(self) -> list[tuple[int, float]]:
        """The (iteration, loss) of all that came since the last call."""
        return [self._losses.popleft() for _ in range(len(self._losses))]
