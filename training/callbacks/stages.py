"""Callbacks that look closely at a training a few times, rather than at every iteration."""

from training.callbacks.callback import Callback
from training.loop import Training

# Shares of a training. An automaton changes quickly at first, so the first lie closer together.
STAGES = (0.02, 0.1, 0.25, 0.5, 0.75)


class StageCallback(Callback):
    """Calls `at_stage` when each of these shares of a training is reached, and at its end."""

    order = 10

    def __init__(self) -> None:
        # The iteration at which each share was reached; the beginning, 0, is among them.
        self._reached: dict[float, int] = {}

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it."""
        self._reached = dict.fromkeys(_shares_until(training), training.trainer.iteration)

    def after_step(self, training: Training) -> None:
        """See whether a stage is reached; several at once count as one."""
        new = _shares_until(training) - self._reached.keys()
        if new and training.progress.completed < 1:
            self._reached |= dict.fromkeys(new, training.trainer.iteration)
            self.at_stage(training)

    def after_rollback(self, training: Training) -> None:
        """What was taken back has its stages ahead again."""
        kept = training.trainer.iteration
        self._reached = {share: at for share, at in self._reached.items() if at <= kept}

    def after_training(self, training: Training) -> None:
        """The end is a stage, also where somebody stopped early."""
        if training.trainer.iteration > max(self._reached.values()):
            self.at_stage(training)

    def at_stage(self, training: Training) -> None:
        """Override this. Raising LichenError ends the training with that sentence."""


def _shares_until(training: Training) -> set[float]:
    """The shares that lie behind a training where it is now."""
    return {share for share in (0.0, *STAGES) if share <= training.progress.completed}
