"""The base of callbacks whose work is too slow for every iteration."""

from training.callbacks.callback import Callback
from training.loop import Training

# Shares of the training; early on more happens in less time.
MILESTONES_AT = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)


class MilestoneCallback(Callback):
    """Calls `at_milestone` at a few moments, and at the end of the training."""

    order = 10

    def __init__(self) -> None:
        self._ahead: list[float] = []
        self._last_iteration = -1

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it."""
        completed = training.progress.completed
        self._ahead = [share for share in MILESTONES_AT if share > completed]

    def after_step(self, training: Training) -> None:
        """See whether a milestone is reached."""
        completed = training.progress.completed
        if self._ahead and self._ahead[0] <= completed:
            self._ahead = [share for share in self._ahead if share > completed]
            self._reach(training)

    def after_training(self, training: Training) -> None:
        """The end is a milestone too."""
        if training.trainer.iteration != self._last_iteration:
            self._reach(training)

    def at_milestone(self, training: Training) -> None:
        """Do the work. Raises LichenError where it cannot be done."""
        raise NotImplementedError

    def _reach(self, training: Training) -> None:
        self._last_iteration = training.trainer.iteration
        self.at_milestone(training)
