"""Keeps the weights of a moment late in a training: the last are not always the best."""

from training.callbacks.callback import Callback
from training.loop import Training

# Shares of the training, in its last part, where the learning rate has dropped; the mean of the
# weights stands for the others.
KEPT_AT = (0.85,)


class Candidates(Callback):
    """Lets the trainer keep them; a training that was stopped early may have none."""

    def __init__(self) -> None:
        self._ahead: list[float] = []

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it."""
        self._ahead = [share for share in KEPT_AT if share > training.progress.completed]

    def after_step(self, training: Training) -> None:
        """Keep the weights where it is time."""
        completed = training.progress.completed
        if completed < 1 and any(share <= completed for share in self._ahead):
            self._ahead = [share for share in self._ahead if share > completed]
            training.trainer.keep_candidate()
