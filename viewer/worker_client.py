"""What the window's ends of all lines have in common, whatever their workers work at."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic

from training.frames import Pause
from viewer.worker_process import Event, Inbox, WorkerProcess


@dataclass(frozen=True)
class WorkerDied:
    """The last event where the worker could not say itself why it ended."""

    sentence: str


class WorkerClient(ABC, Generic[Event]):
    """A worker process and what it has told so far. Nothing here waits for it but `wait`.

    Call `poll` every frame. `_worker` and `_inbox` are set when a worker is started, which may
    happen more than once.
    """

    _worker: WorkerProcess[Event]
    _inbox: Inbox[Event]

    @property
    def alive(self) -> bool:
        """Whether the worker's process runs."""
        return self._worker.alive

    def poll(self) -> list[Event]:
        """What the worker has said since the last call, in order.

        Of kinds that the inbox lets supersede each other only the newest; nothing else is ever
        left out.
        """
        events = self._inbox.take()
        for event in events:
            self._take_in(event)
        return events

    def pause(self) -> None:
        """Let the worker wait, after what is under way."""
        self._worker.send(Pause())

    def close(self) -> None:
        """Hang up: the worker keeps what is there, and ends."""
        self._worker.close()

    def kill(self) -> None:
        """End the worker at once; what it had written whole stays."""
        self._worker.kill()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for the worker's end, and say whether it came."""
        return self._worker.wait(timeout_seconds)

    @abstractmethod
    def _take_in(self, event: Event) -> None:
        """Learn from one event."""
