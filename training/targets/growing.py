"""A form: one cell grows into a picture, cell by cell, and stays that.

Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020).
"""

from dataclasses import replace

import torch
from torch import Tensor

from exporters.automaton import Automaton
from exporters.seed import Seed
from training.automaton_step import new_automaton
from training.losses.overflow import overflow_loss
from training.plan import FORM_FILTER_SCALES, TrainingPlan
from training.targets.target import Target

VISIBLE_CHANNELS = 4


class GrowingTarget(Target):
    """The mean squared difference to a picture, and an overflow loss on all channels."""

    description = "the form itself, cell by cell"

    def __init__(self, form: Tensor, overflow_weight: float = 0.1) -> None:
        """`form` is [h, w, 4], the whole grid: premultiplied colours and alpha, 0 to 1."""
        self._form = form
        self._overflow_weight = overflow_weight

    def new_automaton(self, plan: TrainingPlan, generator: torch.Generator) -> Automaton:
        """A form grows from one cell, and what has no living neighbour is empty."""
        return replace(
            new_automaton(plan.channels, plan.hidden, generator),
            filter_scales=FORM_FILTER_SCALES,
            alive_masking=True,
            seed=Seed("single cell"),
            display="premultiplied rgba over white",
        )

    def loss(self, states: Tensor, generator: torch.Generator) -> Tensor:
        """Squared difference plus weighted overflow of states [batch, h, w, channels]."""
        overflow = self._overflow_weight * overflow_loss(states)
        return self._differences(states).mean() + overflow

    def rank(self, states: Tensor) -> Tensor | None:
        """How far each state is from the form: the furthest starts over."""
        return self._differences(states.to(self._form.device)).cpu()

    def _differences(self, states: Tensor) -> Tensor:
        return (states[..., :VISIBLE_CHANNELS] - self._form).square().mean(dim=(1, 2, 3))
