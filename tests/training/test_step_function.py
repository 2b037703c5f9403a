"""Rollouts and their hand-written gradient, against autograd through plain convolutions."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from support import random_automaton
from training import automaton_step
from training.automaton_step import TrainableAutomaton
from training.benchmarks.plain_step import KERNELS
from training.perception import Layout, from_sums, to_sums
from training.step_function import Firing, StepFunction, StepOptions

STEPS = 6
# Narrow enough that many cells reach it.
CLAMP = (-0.6, 0.7)


def plain_step(model: TrainableAutomaton, state: Tensor, fires: Tensor) -> Tensor:
    """One step in float64 that autograd can follow: state [batch, h, w, c], fires [batch, h, w]."""
    channels = state.shape[3]
    padded = functional.pad(state.permute(0, 3, 1, 2), (1, 1, 1, 1), mode="circular")
    scales = model.get_buffer("filter_scales")[:, None, None]
    kernels = (torch.tensor(KERNELS, dtype=torch.float64) * scales).repeat(channels, 1, 1)
    perceived = functional.conv2d(padded, kernels[:, None], groups=channels).permute(0, 2, 3, 1)
    hidden = functional.linear(perceived, model.hidden_weight, model.hidden_bias).relu()
    update = functional.linear(hidden, model.update_weight, model.update_bias)
    new_state = state + update * fires[..., None]
    clamp = model.template.clamp
    return new_state if clamp is None else new_state.clamp(*clamp)


def draw_state(batch: int, height: int, width: int, channels: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(batch, height, width, channels, generator=generator) - 0.5


def all_gradients(
    model: TrainableAutomaton, start: Tensor, new_state: Tensor
) -> tuple[Tensor, ...]:
    """Gradients of some loss for the start and every weight."""
    return torch.autograd.grad(new_state.sin().sum(), [start, *model.parameters()])


def relative_error(actual: Tensor, expected: Tensor) -> float:
    return float((actual - expected).norm() / expected.norm())


@pytest.mark.parametrize("clamp", [None, CLAMP])
@pytest.mark.parametrize("update_rate", [0.5, 1.0])
@pytest.mark.parametrize(
    ("batch", "height", "width", "channels", "hidden"),
    [(1, 1, 1, 3, 5), (3, 2, 3, 4, 8), (2, 7, 12, 5, 1), (3, 33, 20, 4, 8), (2, 21, 17, 12, 96)],
)
def test_rollout_and_gradient_are_those_of_plain_steps(
    batch: int,
    height: int,
    width: int,
    channels: int,
    hidden: int,
    update_rate: float,
    clamp: tuple[float, float] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So little that grids and rows are taken in several turns, the last one smaller.
    monkeypatch.setattr(automaton_step, "CACHED_VALUES", 3000)
    monkeypatch.setattr(automaton_step, "MOST_STEPS_AT_A_TIME", 4)
    scales = (1.0, 0.5, 0.25, 0.125)
    automaton = random_automaton(
        channels, hidden, update_rate=update_rate, filter_scales=scales, clamp=clamp
    )
    model, exact_model = TrainableAutomaton(automaton), TrainableAutomaton(automaton).double()
    start = draw_state(batch, height, width, channels).requires_grad_()
    new_state = model.rollout(start, STEPS, torch.Generator().manual_seed(2))

    generator = torch.Generator().manual_seed(2)
    exact_start = start.detach().double().requires_grad_()
    exact = exact_start
    for _ in range(STEPS):
        exact = plain_step(exact_model, exact, model.draw_mask(start, generator))

    torch.testing.assert_close(new_state.double(), exact, rtol=1e-5, atol=1e-5)
    ours, expected = (
        all_gradients(model, start, new_state),
        all_gradients(exact_model, exact_start, exact),
    )
    for our_gradient, gradient in zip(ours, expected, strict=True):
        assert relative_error(our_gradient.double(), gradient) <= 1e-4


def test_gradient_is_that_of_finite_differences() -> None:
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> Tensor:
        tensor = torch.randn(*shape, dtype=torch.float64, generator=generator)
        return (0.4 * tensor).requires_grad_()

    fires = torch.rand(2, 2, 3, 4, generator=generator) < 0.5
    options = StepOptions(clamp=(-1.0, 1.0), piece_rows=5)
    inputs = (draw(2, 3, 4, 3), fires, draw(6, 12), draw(6), draw(3, 6), draw(3), options)
    assert torch.autograd.gradcheck(StepFunction.apply, inputs)


def test_rollout_is_what_single_steps_are() -> None:
    model = TrainableAutomaton(random_automaton(4, 8, clamp=CLAMP))
    state = draw_state(2, 9, 6, 4)
    with torch.no_grad():
        together = model.rollout(state, STEPS, torch.Generator().manual_seed(2))
        generator = torch.Generator().manual_seed(2)
        for _ in range(STEPS):
            state = model(state, model.draw_mask(state, generator))
    torch.testing.assert_close(together, state, rtol=0, atol=1e-6)


def test_rollout_of_alive_masking_is_what_single_steps_are() -> None:
    model = TrainableAutomaton(random_automaton(4, 8, alive_masking=True))
    state = draw_state(2, 9, 6, 4)
    together = model.rollout(state, STEPS, torch.Generator().manual_seed(2))
    generator = torch.Generator().manual_seed(2)
    for _ in range(STEPS):
        state = model(state, model.draw_mask(state, generator))
    assert torch.equal(together, state)


def test_cells_fire_independently_at_the_update_rate() -> None:
    model = TrainableAutomaton(random_automaton(4, 8, update_rate=0.3))
    generator = torch.Generator().manual_seed(0)
    state = torch.zeros(4, 64, 64, 4)
    masks = torch.stack([model.draw_mask(state, generator) for _ in range(64)]).double()
    tolerance = 4 * (0.21 / masks.numel()) ** 0.5
    assert abs(masks.mean() - 0.3) <= tolerance
    for axis in range(4):
        together = masks * masks.roll(1, axis)
        assert abs(together.mean() - 0.09) <= tolerance


@pytest.mark.parametrize("update_rate", [0.0, 0.5, 1.0])
def test_firing_finds_exactly_the_cells_that_fire(update_rate: float) -> None:
    layout = Layout(2, 5, 7)
    generator = torch.Generator().manual_seed(0)
    fires = torch.rand(3, 2, 5, 7, generator=generator) < update_rate
    firing = Firing(layout, fires)
    for step in range(3):
        found = torch.zeros(layout.places, dtype=torch.bool)
        found[layout.inside][firing.rows(step)[1:]] = True
        assert torch.equal(layout.unwrap(found), fires[step])
        assert torch.equal(firing.slots[step] > 0, layout.wrap(fires[step]))


def test_weights_for_sums_are_transposed_right() -> None:
    generator = torch.Generator().manual_seed(0)
    weight, gradient = (torch.randn(3, 8, generator=generator) for _ in range(2))
    torch.testing.assert_close(
        (to_sums(weight) * gradient).sum(), (weight * from_sums(gradient)).sum()
    )
