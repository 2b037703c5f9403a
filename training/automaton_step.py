"""The torch twin of the reference step, arranged for speed.

States are channels-last here, [batch, height, width, channels]: the two layers are then plain
matrix products over rows of cells. The arithmetic is in step_function.py.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from exporters.automaton import FILTERS, Automaton
from training.alive_step import AliveStep
from training.compiled_step import WholeStep
from training.step_function import StepFunction, StepOptions

# What stays in a processor's nearer caches: half a megabyte of float32.
CACHED_VALUES = 2**17
# Without a limit the masks of a very long rollout would fill the memory.
MOST_STEPS_AT_A_TIME = 64


class TrainableAutomaton(nn.Module):
    """An automaton whose weights are torch parameters; the rest stays as in `template`.

    The last layer has rows for the channels alone that the automaton writes.
    """

    def __init__(self, template: Automaton) -> None:
        super().__init__()
        self.template = template
        self.hidden_weight = nn.Parameter(torch.from_numpy(template.hidden_weight.copy()))
        self.hidden_bias = nn.Parameter(torch.from_numpy(template.hidden_bias.copy()))
        own = template.own_channels
        self.update_weight = nn.Parameter(torch.from_numpy(template.update_weight[:own].copy()))
        self.update_bias = nn.Parameter(torch.from_numpy(template.update_bias[:own].copy()))
        self.register_buffer("filter_scales", torch.tensor(template.filter_scales))
        self._whole_step: WholeStep | None = None
        self._in_bfloat16 = False

    def forward(self, state: Tensor, fires: Tensor) -> Tensor:
        """Advance once: state [batch, h, w, channels], fires bool [batch, h, w]."""
        if self.template.alive_masking:
            new_state: Tensor = AliveStep.apply(
                state, fires, *self._step_weights(), self.template.clamp
            )
            return new_state
        return self._advance(state, fires[None])

    def rollout(self, state: Tensor, steps: int, generator: torch.Generator) -> Tensor:
        """Advance a state [batch, h, w, channels] by so many steps with fresh masks.

        The same as `forward` with `draw_mask` for each step, but faster.
        """
        if self._whole_step is not None and torch.is_grad_enabled():
            return self._roll_out_whole(self._whole_step, state, steps, generator)
        if self.template.alive_masking:
            for _ in range(steps):
                state = self(state, self.draw_mask(state, generator))
            return state
        for first in range(0, steps, MOST_STEPS_AT_A_TIME):
            count = min(steps - first, MOST_STEPS_AT_A_TIME)
            fires = torch.stack([self.draw_mask(state, generator) for _ in range(count)])
            state = self._advance(state, fires)
        return state

    def train_with(self, whole_step: WholeStep, in_bfloat16: bool) -> None:
        """From now on take gradients through this step; its matrix products may be bfloat16."""
        self._whole_step, self._in_bfloat16 = whole_step, in_bfloat16

    def draw_mask(self, state: Tensor, generator: torch.Generator) -> Tensor:
        """Draw which cells fire, bool [batch, h, w], from torch's generator."""
        noise = torch.rand(state.shape[:3], generator=generator, device=state.device)
        return noise < self.template.update_rate

    def to_automaton(self) -> Automaton:
        """Freeze the present weights into an automaton. Raises LichenError if not finite."""
        _, _, update_weight, update_bias = self._step_weights()
        return replace(
            self.template,
            hidden_weight=_to_numpy(self.hidden_weight),
            hidden_bias=_to_numpy(self.hidden_bias),
            update_weight=_to_numpy(update_weight),
            update_bias=_to_numpy(update_bias),
        )

    def _roll_out_whole(
        self, step: WholeStep, state: Tensor, steps: int, generator: torch.Generator
    ) -> Tensor:
        weights, template = self._step_weights(), self.template
        with torch.autocast(state.device.type, torch.bfloat16, enabled=self._in_bfloat16):
            for _ in range(steps):
                fires = self.draw_mask(state, generator)
                state = step(state, fires, *weights, template.clamp, template.alive_masking)
        return state

    def _advance(self, state: Tensor, fires: Tensor) -> Tensor:
        """Step state [batch, h, w, channels] by the masks of fires, bool [steps, batch, h, w].

        A processor takes a few grids at a time through all steps, for the sake of its caches.
        """
        grids_at_a_time, piece_rows = len(state), fires[0].numel() + 1
        if state.device.type == "cpu":
            grids_at_a_time = max(1, CACHED_VALUES // state[0].numel())
            piece_rows = max(1, CACHED_VALUES // len(self.hidden_weight))
        options = StepOptions(self.template.clamp, piece_rows, torch.is_grad_enabled())
        weights = self._step_weights()
        groups = zip(state.split(grids_at_a_time), fires.split(grids_at_a_time, 1), strict=True)
        return torch.cat([StepFunction.apply(*group, *weights, options) for group in groups])

    def _step_weights(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What both step functions take: the hidden weight filter-major, content unchanged."""
        content = self.template.content_channels
        return (
            self._filter_major_weight(),
            self.hidden_bias,
            functional.pad(self.update_weight, (0, 0, 0, content)),
            functional.pad(self.update_bias, (0, content)),
        )

    def _filter_major_weight(self) -> Tensor:
        """The hidden weight with scales applied, for perceptions listed filter by filter."""
        by_channel = self.hidden_weight.unflatten(1, (-1, len(FILTERS)))
        scaled: Tensor = by_channel * self.get_buffer("filter_scales")
        return scaled.transpose(1, 2).flatten(1)


def new_automaton(
    channels: int, hidden: int, generator: torch.Generator, content_channels: int = 0
) -> Automaton:
    """An untrained automaton; its second layer is zero, so that at first nothing changes.

    Zero initialisation as in Mordvintsev et al., "Growing Neural Cellular Automata" (2020). The
    first bias must not be zero as well: an all-zero seed would then never wake a hidden unit.
    Content channels come on top of `channels`.
    """
    channels += content_channels
    inputs = channels * len(FILTERS)
    bound = inputs**-0.5
    hidden_weight = torch.empty(hidden, inputs).uniform_(-bound, bound, generator=generator)
    hidden_bias = torch.empty(hidden).uniform_(-bound, bound, generator=generator)
    return Automaton(
        hidden_weight=_to_numpy(hidden_weight),
        hidden_bias=_to_numpy(hidden_bias),
        update_weight=np.zeros((channels, hidden), np.float32),
        update_bias=np.zeros(channels, np.float32),
        clamp=(-2.0, 2.0),
        content_channels=content_channels,
    )


def _to_numpy(tensor: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return tensor.detach().cpu().float().numpy().copy()
