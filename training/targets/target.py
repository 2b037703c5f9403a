"""The one interface of everything that an automaton can be trained towards."""

from typing import Protocol

import torch
from torch import Tensor

from exporters.automaton import Automaton
from training.plan import TrainingPlan


class Target(Protocol):
    """What a training aims at: what it starts from, and how far states are from the aim.

    `description` says in a phrase what judges: printed before training and kept in reports.
    """

    description: str

    def new_automaton(self, plan: TrainingPlan, generator: torch.Generator) -> Automaton:
        """An untrained automaton of the plan's sizes, with the seed and display that fit."""
        ...

    def loss(self, states: Tensor, generator: torch.Generator) -> Tensor:
        """Judge states [batch, h, w, channels] after their steps; the result is a scalar."""
        ...

    def rank(self, states: Tensor) -> Tensor | None:
        """The loss of each state [batch] before its steps, so that the worst can start over.

        None where a state's age says nothing of its worth: then any may start over.
        """
        return None

    def furnish(self, states: Tensor, generator: torch.Generator) -> None:
        """Put into states [n, h, w, channels] that start over what no seed holds, in place."""
        return None

    def disturb(self, states: Tensor, generator: torch.Generator) -> None:
        """Change what surrounds borrowed states that have lived on, in place."""
        return None
