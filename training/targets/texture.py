"""A texture: states look right when their statistics do, wherever things lie."""

import torch
from torch import Tensor

from exporters.automaton import Automaton
from training.automaton_step import new_automaton
from training.losses.overflow import overflow_loss
from training.losses.style import StyleLoss
from training.plan import TrainingPlan
from training.targets.target import Target


class TextureTarget(Target):
    """A style loss on the colours and an overflow loss on all channels.

    Niklasson et al., "Self-Organising Textures" (Distill 2021).
    """

    def __init__(self, style: StyleLoss, overflow_weight: float = 100.0) -> None:
        self.description = style.description
        self._style = style
        self._overflow_weight = overflow_weight

    def new_automaton(self, plan: TrainingPlan, generator: torch.Generator) -> Automaton:
        """A texture grows from zeros, everywhere at once."""
        return new_automaton(plan.channels, plan.hidden, generator)

    def loss(self, states: Tensor, generator: torch.Generator) -> Tensor:
        """Style plus weighted overflow of states [batch, h, w, channels]."""
        style = self._style(to_pictures(states), generator)
        return style + self._overflow_weight * overflow_loss(states)


def to_pictures(states: Tensor) -> Tensor:
    """Colours of states [batch, h, w, channels] as pictures [batch, 3, h, w], about 0..1."""
    return states[..., :3].permute(0, 3, 1, 2) + 0.5
