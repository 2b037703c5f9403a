"""Callbacks that look closely at a training a few times, rather than at every iteration."""

from training.callbacks.callback import Callback
from training.loop import Training

# Shares of a training. An automaton changes quickly at first, so the first lie closer together.
STAGES = (0.02, 0.1, 0.25, 0.5, 0.75)


class StageCallback(Callback):
    """Calls `at_stage` when each of these shares of a training is reached, and at its end."""

    order = 10

    def __init__(self) -> None:
        self._ahead: list[float] = []
        self._last_iteration = 0

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it."""
        self._last_iteration = training.trainer.iteration
        self._ahead = [share for share in STAGES if share > training.progress.completed]

    def after_step(self, training: Training) -> None:
        """See whether a stage is reached; several at once count as one."""
        completed = training.progress.completed
        if completed < 1 and any(share <= completed for share in self._ahead):
            self._ahead = [share for share in self._ahead if share > completed]
            self._look(training)

    def after_training(self, training: Training) -> None:
        """The end is a stage, also where somebody stopped early."""
        if training.trainer.iteration > self._last_iteration:
            self._look(training)

    def at_stage(self, training: Training) -> None:
        """Override this. Raising LichenError ends the training with that sentence."""

    def _look(self, training: Training) -> None:
        self._last_iteration = training.trainer.iteration
        self.at_stage(training)
