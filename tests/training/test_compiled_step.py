"""The step for graphics cards, against our own; compiled as far as no C++ compiler is needed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from exporters.errors import LichenError
from support import random_automaton, random_filter
from training import prepare
from training.automaton_step import TrainableAutomaton
from training.budget import Budget
from training.compiled_step import WholeStep, compile_whole_step, whole_step
from training.order import TrainingOrder
from training.plan import TrainingPlan
from training.processes import Processes

# PyTorch means to hide this warning of its own compiler, but warnings are errors here.
pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor")

STEPS = 5
EXEMPLAR = Path("exporters/gallery/exemplars/coral.png")
KINDS = {
    "small": random_automaton(4, 8),
    "clamped": random_automaton(12, 96, clamp=(-0.6, 0.7), filter_scales=(1, 0.5, 0.25, 0.125)),
    "form": random_automaton(16, 32, alive_masking=True, clamp=(-10.0, 10.0)),
    "filter": random_filter(4, 16),
}


def roll_out(model: TrainableAutomaton) -> tuple[Tensor, list[Tensor]]:
    """The last state and the gradients of the first state and of all weights."""
    channels = model.template.channels
    start = torch.rand(2, 13, 17, channels, generator=torch.Generator().manual_seed(1))
    start *= 0.5
    start[:, 4:, 5:] = 0  # nothing lives there, so that a form has an edge
    start.requires_grad_()
    last = model.rollout(start, STEPS, torch.Generator().manual_seed(2))
    return last, list(torch.autograd.grad(last.sin().sum(), [start, *model.parameters()]))


@pytest.mark.parametrize("step", [whole_step, compile_whole_step("aot_eager")])
@pytest.mark.parametrize("kind", KINDS)
def test_rollout_and_gradient_are_those_of_our_step(kind: str, step: WholeStep) -> None:
    ours, compiled = TrainableAutomaton(KINDS[kind]), TrainableAutomaton(KINDS[kind])
    compiled.train_with(step, in_bfloat16=False)
    (state, gradients), (compiled_state, compiled_gradients) = roll_out(ours), roll_out(compiled)
    torch.testing.assert_close(compiled_state, state, rtol=1e-5, atol=1e-5)
    for gradient, expected in zip(compiled_gradients, gradients, strict=True):
        assert (gradient - expected).norm() <= 1e-4 * expected.norm()


def test_bfloat16_keeps_states_and_the_gradients_direction() -> None:
    exact, mixed = TrainableAutomaton(KINDS["clamped"]), TrainableAutomaton(KINDS["clamped"])
    mixed.train_with(compile_whole_step("aot_eager"), in_bfloat16=True)
    (state, gradients), (mixed_state, mixed_gradients) = roll_out(exact), roll_out(mixed)
    assert mixed_state.dtype == torch.float32
    assert 1e-5 < (mixed_state - state).abs().max() < 0.05
    for gradient, expected in zip(mixed_gradients, gradients, strict=True):
        cosine = torch.cosine_similarity(gradient.flatten(), expected.flatten(), 0)
        assert cosine >= 0.999


def test_a_training_learns_the_same_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepare, "compile_whole_step", lambda: compile_whole_step("aot_eager"))
    plan = TrainingPlan(channels=4, hidden=8, grid_cells=24, batch=2, pool_size=4, most_steps=26)
    order = TrainingOrder(
        EXEMPLAR, tmp_path / "coral.safetensors", plan=plan, budget=Budget(4), loss="patch"
    )
    trainers = [
        prepare.prepare_trainer(replace(order, compile_step=compiles)) for compiles in (False, True)
    ]
    losses = [[trainer.iterate(0.5) for _ in range(4)] for trainer in trainers]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert losses[0] != losses[1]  # other sums, so that it is known to have been used


def test_the_launchers_precision_is_the_trainings(tmp_path: Path) -> None:
    order = TrainingOrder(
        EXEMPLAR, tmp_path / "out.safetensors", plan=TrainingPlan(grid_cells=24), network="eye"
    )
    launched = Processes()
    launched.in_bfloat16 = True
    trainers = [
        prepare.prepare_trainer(order),
        prepare.prepare_trainer(replace(order, bfloat16=True)),
        prepare.prepare_trainer(order, launched),
    ]
    losses = [trainer.iterate(0.5) for trainer in trainers]
    assert losses[0] != losses[1] == losses[2]
    prepare.prepare_trainer(replace(order, network=None, loss="patch"), launched)  # needs none


def test_where_nothing_compiles_one_sentence_says_so() -> None:
    def refuse(*arguments: Any) -> Any:
        raise FileNotFoundError("no compiler")

    model = TrainableAutomaton(KINDS["small"])
    model.train_with(compile_whole_step(refuse), in_bfloat16=False)
    with pytest.raises(LichenError, match="leave out --compile"):
        roll_out(model)
