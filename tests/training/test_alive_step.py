"""The step that computes living cells alone is the step with alive masking, to the last cell."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from exporters.reference import step
from exporters.update_mask import update_mask
from support import patchy_state, random_automaton, relative_error
from training.alive_step import OFFSETS, AliveStep, perceive, perceive_adjoint
from training.automaton_step import TrainableAutomaton

STEPS = 8
REACH = (-0.4, 0.5)


@pytest.mark.parametrize("clamp", [None, REACH])
@pytest.mark.parametrize(("channels", "hidden"), [(4, 8), (16, 96)])
@pytest.mark.parametrize(("width", "height"), [(2, 3), (37, 53)])
def test_twin_equals_reference(
    channels: int, hidden: int, width: int, height: int, clamp: tuple[float, float] | None
) -> None:
    automaton = random_automaton(channels, hidden, clamp=clamp, alive_masking=True)
    state = patchy_state(channels, height, width)
    twin, current = TrainableAutomaton(automaton), torch.from_numpy(state).permute(1, 2, 0)[None]
    for index in range(STEPS):
        fires = update_mask(width, height, index, 7, automaton.update_rate)
        state = step(automaton, state, fires)
        current = twin(current, torch.from_numpy(fires)[None])
        assert relative_error(current[0].permute(2, 0, 1).detach().numpy(), state) <= 1e-5
    if height > 3:
        assert 0.1 < (state != 0).any(axis=0).mean() < 0.9


def plainly(state: Tensor, fires: Tensor, *weights: Any) -> Tensor:
    """The same step without a thought for speed: everywhere, then masked."""
    hidden_weight, hidden_bias, update_weight, update_bias, clamp = weights
    around = torch.stack([state.roll((-row, -column), (1, 2)) for row, column in OFFSETS])
    perceived = perceive(around.flatten(1, 3)).unflatten(0, state.shape[:3])
    hidden = (perceived @ hidden_weight.t() + hidden_bias).relu()
    new_state = state + (hidden @ update_weight.t() + update_bias) * fires.unsqueeze(3)
    if clamp is not None:
        new_state = new_state.clamp(*clamp)
    return new_state * (_alive(state) & _alive(new_state))


def _alive(state: Tensor) -> Tensor:
    padded = functional.pad(state[..., 3].unsqueeze(1), (1, 1, 1, 1), mode="circular")
    return (functional.max_pool2d(padded, 3, stride=1) > 0.1).squeeze(1).unsqueeze(3)


@pytest.mark.parametrize("clamp", [None, REACH])
def test_gradient_is_that_of_the_plain_step(clamp: tuple[float, float] | None) -> None:
    generator = torch.Generator().manual_seed(0)
    automaton = random_automaton(6, 10, clamp=clamp, alive_masking=True)
    starts = [patchy_state(6, 9, 11, random_seed) for random_seed in range(3)]
    fires = [torch.rand(3, 9, 11, generator=generator) < 0.5 for _ in range(4)]
    gradients = []
    for take_step in (AliveStep.apply, plainly):
        twin = TrainableAutomaton(automaton).double()
        weights = (
            twin._filter_major_weight(),
            twin.hidden_bias,
            twin.update_weight,
            twin.update_bias,
            clamp,
        )
        start = torch.from_numpy(np.stack(starts)).permute(0, 2, 3, 1).double() * 0.39
        state = start.requires_grad_()
        for mask in fires:
            state = take_step(state, mask, *weights)
        state.sin().sum().backward()
        gradients.append([start.grad, *(weight.grad for weight in twin.parameters())])
    for ours, plain in zip(*gradients, strict=True):
        assert plain.abs().max() > 0
        torch.testing.assert_close(ours, plain)


def test_perception_and_adjoint_are_transposes() -> None:
    generator = torch.Generator().manual_seed(0)
    around = torch.randn(9, 5, 3, generator=generator, dtype=torch.float64)
    gradient = torch.randn(5, 12, generator=generator, dtype=torch.float64)
    forwards = (perceive(around) * gradient).sum()
    torch.testing.assert_close(forwards, (around * perceive_adjoint(gradient)).sum())
