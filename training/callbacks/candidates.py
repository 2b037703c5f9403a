"""Keeps the weights of a few moments late in a training: the last are not always the best."""

from dataclasses import dataclass

from exporters.automaton import Automaton
from training.callbacks.callback import Callback
from training.loop import Training

# Shares of the training, in its last part, where the learning rate has dropped.
KEPT_AT = (0.7, 0.85)


@dataclass(frozen=True)
class Candidate:
    """What the automaton was after so many iterations."""

    iteration: int
    automaton: Automaton


class Candidates(Callback):
    """Collects `kept`, the oldest first; a training that was stopped early may have none."""

    def __init__(self) -> None:
        self.kept: list[Candidate] = []
        self._ahead: list[float] = []

    def before_training(self, training: Training) -> None:
        """Leave out what a resumed training has behind it."""
        self._ahead = [share for share in KEPT_AT if share > training.progress.completed]

    def after_step(self, training: Training) -> None:
        """Keep the weights where it is time."""
        completed = training.progress.completed
        if completed < 1 and any(share <= completed for share in self._ahead):
            self._ahead = [share for share in self._ahead if share > completed]
            trainer = training.trainer
            self.kept.append(Candidate(trainer.iteration, trainer.to_automaton()))

    def after_rollback(self, training: Training) -> None:
        """Forget what came after the state that the training went back to."""
        last = training.trainer.iteration
        self.kept = [candidate for candidate in self.kept if candidate.iteration <= last]
