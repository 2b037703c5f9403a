"""What the window's ends of the lines to dreams and paintings have in common."""

from abc import abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from training.endings import Failed, Finished, Stop, Stopped
from training.frames import Continue
from viewer.worker_client import WorkerClient, WorkerDied
from viewer.worker_process import Dialect, Inbox, WorkerProcess

Message = TypeVar("Message")
Ending = Finished | Stopped | Failed | WorkerDied


def has_failed(ending: Ending | None) -> bool:
    """Whether it came although nobody asked for it."""
    return isinstance(ending, Failed | WorkerDied)


def status(ending: Ending | None, under_way: str, stopped: str = "Stopped") -> str:
    """How the work stands, in a few words; the caller has those for the first two cases."""
    match ending:
        case None:
            return under_way
        case Stopped():
            return stopped
        case Finished():
            return "Finished"
        case Failed(sentence) | WorkerDied(sentence):
            return sentence


class FolderClient(WorkerClient[Message | WorkerDied], Generic[Message]):
    """A worker whose work lies in a folder, where another worker can go on with it.

    Nothing here waits for the worker. Call `poll` every frame. The last event of a worker is always
    one `Ending`.

    Attributes:
        ending: how the worker ended; None as long as it has not.

    Raises:
        LichenError: what it needs is not installed, or the process cannot be started.
    """

    def __init__(self) -> None:
        self.ending: Ending | None = None
        self._start()

    def resume(self) -> None:
        """Go on: after a pause, or with a new worker from what lies in the folder.

        Raises:
            LichenError: as the constructor.
        """
        if self.ending is None:
            self._worker.send(Continue())
        else:
            self._start()

    def stop(self) -> None:
        """End it, with what it has made kept; `poll` tells when it has ended."""
        self._worker.send(Stop())

    @abstractmethod
    def _start(self) -> None:
        """Let a new worker begin, by `_launch`. Raises LichenError as the constructor."""

    def _launch(
        self, module: str, log: Path, dialect: Dialect, superseded: tuple[type, ...], begin: object
    ) -> None:
        """Run a worker's module; `begin` brings it the order."""
        self._inbox = Inbox(superseded)
        self._worker = WorkerProcess(module, log, dialect, self._inbox.put, WorkerDied)
        self.ending = None
        self._worker.send(begin)

    def _take_in(self, event: Message | WorkerDied) -> None:
        if isinstance(event, Ending):
            self.ending = event
