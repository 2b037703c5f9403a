"""Keeps the weights of a moment late in a training: the last are not always the best."""

from training.callbacks.callback import Callback
from training.loop import Training

# The share of the training after which they are kept, in its last part, where the learning rate
# has dropped; the mean of the weights stands for the others.
KEPT_AT = 0.85


class Candidates(Callback):
    """Lets the trainer keep them; a training that was stopped early may have none."""

    def __init__(self) -> None:
        self._is_ahead = True
        self._kept_at_iteration = 0

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it.

        A longer training goes on from a shorter one, whose candidates it forgets.
        """
        self._is_ahead = training.progress.completed < KEPT_AT
        if self._is_ahead:
            training.trainer.forget_candidates()

    def after_step(self, training: Training) -> None:
        """Keep the weights where it is time."""
        if self._is_ahead and KEPT_AT <= training.progress.completed < 1:
            self._is_ahead = False
            self._kept_at_iteration = training.trainer.iteration
            training.trainer.keep_candidate()

    def after_rollback(self, training: Training) -> None:
        """Keep them anew where they are among what was taken back."""
        self._is_ahead |= training.trainer.iteration < self._kept_at_iteration
