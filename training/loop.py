"""The training loop: iterate, call whoever listens, stop when it is enough."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from exporters.errors import LichenError
from training.budget import Budget
from training.callbacks.callback import Callback
from training.trainer import LossNotFinite, Trainer

# Where a loss turns into no number, the training goes back to the last of these.
GOOD_STATE_EVERY_ITERATIONS = 50
LARGEST_ROLLBACKS = 3


class EndComplaint(LichenError):
    """A callback's, when all iterations had gone well: what was learnt can be finished still."""


@dataclass(frozen=True)
class Progress:
    """How far a training is; `loss` is that of the newest iteration."""

    iteration: int
    loss: float
    completed: float
    elapsed_seconds: float
    remaining_seconds: float


class Stopwatch:
    """Measures how far a training is, and at what pace it goes on from where it began here."""

    def __init__(
        self,
        budget: Budget,
        iteration: int,
        clock: Callable[[], float],
        earlier_seconds: float = 0.0,
    ) -> None:
        """`earlier_seconds` were spent before, on the iterations up to this one."""
        self._budget = budget
        self._first_iteration = iteration
        self._clock = clock
        self._earlier_seconds = earlier_seconds
        self._started_seconds = clock()

    def measure(self, iteration: int, loss: float) -> Progress:
        """How far it is now."""
        seconds_here = self._clock() - self._started_seconds
        if iteration == self._first_iteration:
            seconds_here = 0.0  # A budget, however short, lasts for one iteration here.
        elapsed_seconds = self._earlier_seconds + seconds_here
        pace = seconds_here / max(iteration - self._first_iteration, 1)
        completed = self._budget.completed(iteration, elapsed_seconds)
        remaining_seconds = self._budget.remaining_seconds(iteration, elapsed_seconds, pace)
        return Progress(iteration, loss, completed, elapsed_seconds, remaining_seconds)


class Training:
    """One training under way: a trainer, its callbacks, and how far it is.

    `rollbacks` counts how often the loss was no number and the last good state came back.
    """

    def __init__(
        self,
        trainer: Trainer,
        budget: Budget,
        callbacks: Sequence[Callback] = (),
        clock: Callable[[], float] = time.monotonic,
        earlier_seconds: float = 0.0,
    ) -> None:
        """`clock` counts the seconds that the budget's minutes are made of.

        `earlier_seconds` were spent before, on what this training goes on from.
        """
        self.trainer = trainer
        self.budget = budget
        self.rollbacks = 0
        self._callbacks = sorted(callbacks, key=lambda callback: callback.order)
        self._stopwatch = Stopwatch(budget, trainer.iteration, clock, earlier_seconds)
        self._good_state: dict[str, Any] = {}
        self.progress = self._measure_progress()

    def run(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Train until the budget is used up or `stop` says so, never in mid-iteration.

        Raises:
            EndComplaint: all is learnt, and then a callback said that something went wrong.
            LichenError: the loss is not finite time after time, or a callback said so before.
        """
        begun: list[Callback] = []
        try:
            for callback in self._callbacks:
                callback.before_training(self)
                begun.append(callback)
            while self.progress.completed < 1 and not stop():
                try:
                    self._iterate()
                except LossNotFinite:
                    self._roll_back()
                    if self.rollbacks > LARGEST_ROLLBACKS:
                        raise
                    self._tell("after_rollback")
        except BaseException:
            # What went wrong first is told, and not what follows from it.
            self._end(begun)
            raise
        for complaint in self._end(begun)[:1]:
            raise EndComplaint(str(complaint)) from complaint

    def _end(self, begun: Sequence[Callback]) -> list[LichenError]:
        """Tell all that it is over, whatever one of them says; their complaints."""
        complaints = []
        for callback in begun:
            try:
                callback.after_training(self)
            except LichenError as complaint:
                complaints.append(complaint)
        return complaints

    def _iterate(self) -> None:
        trainer = self.trainer
        if trainer.iteration % GOOD_STATE_EVERY_ITERATIONS == 0 or not self._good_state:
            self._good_state = copy.deepcopy(trainer.state_dict())
        trainer.completed = self.progress.completed
        trainer.predict()
        self._tell("after_predict")
        trainer.judge()
        self._tell("after_loss")
        trainer.backward()
        self._tell("after_backward")
        trainer.step()
        self.progress = self._measure_progress()
        self._tell("after_step")

    def _roll_back(self) -> None:
        """Bring the last good state back and go on more slowly, with other random numbers."""
        self.rollbacks += 1
        present = self.trainer.state_dict()
        self.trainer.load_state_dict(
            copy.deepcopy(self._good_state)
            | {
                "learning_rate_scale": present["learning_rate_scale"] / 2,
                "generator": present["generator"],
                "mask_generator": present["mask_generator"],
            }
        )

    def _measure_progress(self) -> Progress:
        return self._stopwatch.measure(self.trainer.iteration, self.trainer.loss.item())

    def _tell(self, hook: str) -> None:
        for callback in self._callbacks:
            getattr(callback, hook)(self)
