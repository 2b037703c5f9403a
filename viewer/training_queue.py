"""Trainings one after another, and what becomes of them when the window closes."""

from typing import Literal

from training.order import TrainingOrder
from viewer.training_client import Event, TrainingClient
from viewer.training_runs import discard_run, keep_snapshot, new_run, resumed

LeavingChoice = Literal["background", "keep", "discard"]
KILL_SECONDS = 2.0


class TrainingQueue:
    """One training has a worker, the others wait. Call `poll` every frame.

    Attributes:
        current: the training under way, or the last one until another starts.
        waiting: the orders to come, the next one first. Each has its run's folder already, so
            that a window that is closed finds them again.
        ended: earlier trainings of today, the oldest first.
    """

    def __init__(self) -> None:
        self.current: TrainingClient | None = None
        self.waiting: list[TrainingOrder] = []
        self.ended: list[TrainingClient] = []

    @property
    def is_training(self) -> bool:
        """Whether a worker is at work, or about to say how it ended."""
        return self.current is not None and self.current.ending is None

    def add(self, order: TrainingOrder) -> TrainingOrder:
        """Train this after all others; gives the order with its own folder.

        Raises:
            LichenError: the folder cannot be made.
        """
        order = new_run(order)
        self.waiting.append(order)
        return order

    def resume(self, order: TrainingOrder) -> None:
        """Go on with a run of earlier before all that wait."""
        self.waiting.insert(0, resumed(order))

    def cancel(self, order: TrainingOrder) -> None:
        """Forget an order that waits, with its folder unless it holds work already."""
        self.waiting.remove(order)
        if not order.resume:
            discard_run(order)

    def move(self, order: TrainingOrder, place: int) -> None:
        """Let an order that waits come so many places behind the next one."""
        self.waiting.remove(order)
        self.waiting.insert(place, order)

    def poll(self) -> list[Event]:
        """What the current training has said; starts the next one where it has ended.

        Raises:
            LichenError: the next one cannot start; it is no longer in the queue.
        """
        events = self.current.poll() if self.current else []
        if self.current and self.current.ending and not self.current.alive:
            self._put_away(self.current)
        if self.waiting and self.current is None:
            self.current = TrainingClient(self.waiting.pop(0))
        return events

    def leave(self, choice: LeavingChoice) -> None:
        """The window closes: train on without it, keep the newest snapshot, or keep nothing.

        A worker that was checking already goes on to its result, which then replaces the snapshot.
        Those that wait stay in their folders, to be taken up by a later window.

        Raises:
            LichenError: the snapshot cannot be kept; the training goes on.
        """
        client = self.current
        if client is None or client.ending is not None:
            return
        if choice == "background":
            client.detach()
        elif choice == "keep":
            if client.snapshot is not None:
                keep_snapshot(client.order, client.snapshot, stands_in=True)
            client.close()
        else:
            client.kill()
            client.wait(KILL_SECONDS)
            discard_run(client.order)

    def _put_away(self, client: TrainingClient) -> None:
        """Make room for the next training; the last one stays in sight."""
        if client.is_unwanted:
            discard_run(client.order)
            self.current = None
        elif self.waiting:
            self.ended.append(client)
            self.current = None
