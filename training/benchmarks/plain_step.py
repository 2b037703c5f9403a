"""The step as fast.ai's lesson 20 has it: the baseline that ours is measured against."""

import torch
from torch import Tensor
from torch.nn import functional

from exporters.automaton import FILTERS
from training.automaton_step import TrainableAutomaton
from training.trainer import Trainer

KERNELS = (
    ((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.0)),
    ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0)),
    ((-1.0, -2.0, -1.0), (0.0, 0.0, 0.0), (1.0, 2.0, 1.0)),
    ((1.0, 2.0, 1.0), (2.0, -12.0, 2.0), (1.0, 2.0, 1.0)),
)


def plain_step(model: TrainableAutomaton, state: Tensor, fires: Tensor) -> Tensor:
    """Advance state [batch, channels, h, w] where `fires` [batch, 1, h, w] is 1 rather than 0.

    Circular padding, fixed filters, two layers of 1x1 convolutions, and a random mask.
    """
    batch, channels, height, width = state.shape
    kernels = torch.tensor(KERNELS, device=state.device).unsqueeze(1)
    padded = functional.pad(state, (1, 1, 1, 1), mode="circular")
    lanes = padded.view(batch * channels, 1, height + 2, width + 2)
    perception = functional.conv2d(lanes, kernels)
    perception = perception.view(batch, channels * len(FILTERS), height, width)
    hidden = functional.conv2d(perception, model.hidden_weight[:, :, None, None], model.hidden_bias)
    update = functional.conv2d(functional.relu(hidden), model.update_weight[:, :, None, None])
    return state + update * fires


class PlainTrainer(Trainer):
    """Trains like any other, through the plain step and autograd."""

    def advance(self, states: Tensor, steps: int) -> Tensor:
        """Run states [batch, h, w, channels] for `steps` steps with fresh masks."""
        state = states.permute(0, 3, 1, 2).contiguous()
        batch, _, height, width = state.shape
        for _ in range(steps):
            noise = torch.rand(batch, 1, height, width, generator=self._mask_generator)
            fires = (noise < self.model.template.update_rate).float()
            state = plain_step(self.model, state, fires)
        return state.permute(0, 2, 3, 1)
