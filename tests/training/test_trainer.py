"""The training itself: it learns, it repeats, it goes on where it stopped."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import torch
from torch import Tensor

from exporters.errors import LichenError
from training.budget import Budget
from training.callbacks.callback import Callback
from training.checkpoint import load_checkpoint, save_checkpoint
from training.loop import EndComplaint, Training
from training.losses.patch import PatchLoss
from training.plan import Schedule, TrainingPlan, learning_rate_factor
from training.targets.texture import TextureTarget
from training.trainer import LossNotFinite, Trainer, normalise_gradients

CPU = torch.device("cpu")
SMALL = TrainingPlan(
    channels=4, hidden=8, fewest_steps=6, most_steps=10, grid_cells=16, batch=2, pool_size=8
)


def two_colour_exemplar() -> Tensor:
    """Blocks of red and blue [3, 32, 32] in 0..1."""
    field = ((torch.arange(32)[:, None] // 4 + torch.arange(32)[None, :] // 4) % 2).float()
    return torch.stack([field, torch.full_like(field, 0.2), 1 - field])


def small_trainer(plan: TrainingPlan = SMALL) -> Trainer:
    return Trainer(plan, TextureTarget(PatchLoss(two_colour_exemplar())), CPU)


def losses_of(trainer: Trainer, iterations: int) -> list[float]:
    losses: list[float] = []

    class Remember(Callback):
        def after_step(self, training: Training) -> None:
            losses.append(training.progress.loss)

    Training(trainer, Budget(iterations=iterations), [Remember()]).run()
    return losses


def test_loss_falls_by_a_factor() -> None:
    plan = TrainingPlan(**{**SMALL.__dict__, "channels": 6, "hidden": 32, "batch": 4})
    losses = losses_of(small_trainer(plan), 300)
    assert sum(losses[-20:]) / 20 < losses[0] / 2


def test_same_seed_same_weights() -> None:
    first, second = small_trainer(), small_trainer()
    assert losses_of(first, 4) == losses_of(second, 4)


def test_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    whole = small_trainer()
    for iteration in range(8):
        whole.iterate(iteration / 8)
    interrupted = small_trainer()
    for iteration in range(5):
        interrupted.iterate(iteration / 8)
    save_checkpoint(interrupted, tmp_path / "run.checkpoint.pt")
    resumed = small_trainer()
    load_checkpoint(resumed, tmp_path / "run.checkpoint.pt")
    for iteration in range(5, 8):
        resumed.iterate(iteration / 8)
    for name, weight in whole.model.state_dict().items():
        torch.testing.assert_close(resumed.model.state_dict()[name], weight, rtol=0, atol=0)


def test_resume_refuses_another_plan(tmp_path: Path) -> None:
    save_checkpoint(small_trainer(), tmp_path / "run.checkpoint.pt")
    other = small_trainer(TrainingPlan(**{**SMALL.__dict__, "hidden": 9}))
    with pytest.raises(LichenError, match="hidden 8"):
        load_checkpoint(other, tmp_path / "run.checkpoint.pt")


@pytest.mark.parametrize("content", [b"", b"no checkpoint at all"])
def test_resume_refuses_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.checkpoint.pt"
    path.write_bytes(content)
    with pytest.raises(LichenError, match="damaged"):
        load_checkpoint(small_trainer(), path)


def test_resume_takes_other_rates(tmp_path: Path) -> None:
    save_checkpoint(small_trainer(), tmp_path / "run.checkpoint.pt")
    other = small_trainer(TrainingPlan(**{**SMALL.__dict__, "damage_every_iterations": 2}))
    load_checkpoint(other, tmp_path / "run.checkpoint.pt")
    assert other.iterate(0.5) > 0


def test_damage_resets_a_disc_and_no_more() -> None:
    pool = small_trainer().pool
    state = torch.ones(16, 16, 4)
    pool.damage(state, torch.Generator().manual_seed(0))
    wounded = (state == 0).all(dim=2)
    assert 4 <= wounded.sum() <= 3.2 * 8**2
    assert (state[~wounded] == 1).all()


def test_ageing_moves_the_first_slots_alone() -> None:
    trainer = small_trainer()
    trainer.pool.states += 0.1
    before = trainer.pool.states.clone()
    with torch.no_grad():
        trainer.model.update_weight += 0.1
    trainer.age_pool(3, steps=5)
    changed = (trainer.pool.states != before).flatten(1).any(dim=1)
    assert changed.tolist() == [True] * 3 + [False] * 5


def test_stop_is_asked_between_iterations() -> None:
    trainer = small_trainer()
    Training(trainer, Budget(iterations=100)).run(lambda: trainer.iteration >= 2)
    assert trainer.iteration == 2


class NaNFrom:
    """A style loss that is no number from one call on, for so many calls."""

    description = "broken"

    def __init__(self, first_call: int, calls: int) -> None:
        self._remaining = range(first_call, first_call + calls)
        self._calls = 0

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        self._calls += 1
        return pictures.mean() * (float("nan") if self._calls - 1 in self._remaining else 1.0)


def test_loss_that_is_no_number_stops_with_a_sentence_in_the_end() -> None:
    trainer = Trainer(SMALL, TextureTarget(NaNFrom(2, 10**9)), CPU)
    with pytest.raises(LossNotFinite, match="learning-rate"):
        Training(trainer, Budget(iterations=5)).run()
    assert all(weight.isfinite().all() for weight in trainer.model.parameters())


def test_loss_that_is_no_number_once_goes_back_and_on() -> None:
    trainer = Trainer(SMALL, TextureTarget(NaNFrom(2, 1)), CPU)
    training = Training(trainer, Budget(iterations=5))
    training.run()
    assert (training.rollbacks, trainer.iteration) == (1, 5)
    assert trainer.learning_rate_scale == 0.5


class Cornered:
    """A style loss whose value is a number, but whose gradient is none in its first call."""

    description = "cornered"

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        self._calls += 1
        distance = (pictures - pictures.detach()).square().sum()
        return distance.sqrt() if self._calls == 1 else pictures.mean()


def test_gradient_that_is_no_number_never_reaches_the_weights() -> None:
    class Looks(Callback):
        def after_step(self, training: Training) -> None:
            training.trainer.to_automaton()  # Refuses weights that are no numbers.

    trainer = Trainer(SMALL, TextureTarget(Cornered()), CPU)
    training = Training(trainer, Budget(iterations=2), [Looks()])
    training.run()
    assert (training.rollbacks, trainer.iteration) == (1, 2)


def test_hooks_are_called_in_order() -> None:
    called: list[str] = []

    class Scribe(Callback):
        def __init__(self, name: str, order: int) -> None:
            self._name = name
            self.order = order

        def __getattribute__(self, name: str) -> object:
            if name.startswith(("before_", "after_")):
                called.append(f"{self._name} {name}")
            return super().__getattribute__(name)

    callbacks = [Scribe("second", 1), Scribe("first", 0)]
    Training(small_trainer(), Budget(iterations=1), callbacks).run()
    hooks = ["before_training", "after_predict", "after_loss", "after_backward", "after_step"]
    assert called == [f"{n} {h}" for h in [*hooks, "after_training"] for n in ("first", "second")]


def test_what_goes_wrong_first_is_told_and_all_hear_of_the_end() -> None:
    ended: list[str] = []

    class Fails(Callback):
        def after_step(self, training: Training) -> None:
            raise LichenError("the disk is full.")

        def after_training(self, training: Training) -> None:
            ended.append("fails")
            raise LichenError("cannot write either.")

    class Follows(Callback):
        order = 1

        def after_training(self, training: Training) -> None:
            ended.append("follows")

    with pytest.raises(LichenError, match="the disk is full"):
        Training(small_trainer(), Budget(iterations=1), [Fails(), Follows()]).run()
    assert ended == ["fails", "follows"]


@pytest.mark.parametrize("iteration", [0, 7])
def test_the_shortest_time_suffices_for_an_iteration(iteration: int) -> None:
    seconds = count(1000.0)
    trainer = small_trainer()
    trainer.iteration = iteration
    training = Training(trainer, Budget(minutes=1e-9), [], lambda: next(seconds))
    assert training.progress.completed == 0
    training.run()
    assert (trainer.iteration, training.progress.completed) == (iteration + 1, 1)


def test_a_complaint_at_the_end_keeps_nobody_from_hearing_of_it() -> None:
    ended: list[str] = []

    class Fails(Callback):
        def after_training(self, training: Training) -> None:
            ended.append("fails")
            raise LichenError("the disk is full.")

    class Follows(Fails):
        def after_training(self, training: Training) -> None:
            ended.append("follows")
            raise LichenError("nor can I.")

    with pytest.raises(EndComplaint, match="the disk is full"):
        Training(small_trainer(), Budget(iterations=1), [Fails(), Follows()]).run()
    assert ended == ["fails", "follows"]


def test_budget_counts_whichever_is_set() -> None:
    assert Budget(iterations=10).completed(5, 1e9) == 0.5
    assert Budget(minutes=2).completed(10**9, 60) == 0.5
    assert Budget(iterations=10, minutes=1).completed(9, 30) == 0.9


@pytest.mark.parametrize(
    ("budget", "seconds"),
    [
        (Budget(iterations=1000), 90),
        (Budget(minutes=1), 50),
        (Budget(iterations=1000, minutes=1), 50),
        (Budget(iterations=912, minutes=1), 2),
    ],
)
@pytest.mark.parametrize("earlier_seconds", [0, 900])
def test_the_time_left_is_told_by_the_pace_since_it_was_resumed(
    budget: Budget, seconds: float, earlier_seconds: float
) -> None:
    """At 910 after ten iterations of a second each, whether or not the earlier ones were timed."""
    if budget.minutes is not None:
        budget = replace(budget, minutes=budget.minutes + earlier_seconds / 60)
    trainer = small_trainer()
    trainer.iteration = 900
    training = Training(
        trainer, budget, [], lambda: float(trainer.iteration), earlier_seconds=earlier_seconds
    )
    training.run(lambda: trainer.iteration == 910)
    assert training.progress.elapsed_seconds == earlier_seconds + 10
    assert training.progress.remaining_seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("schedule", "expected"), [("cosine", [1, 0.5, 0.02]), ("drops", [1, 1, 0.09])]
)
def test_learning_rate_schedules(schedule: Schedule, expected: list[float]) -> None:
    rates = [learning_rate_factor(schedule, completed) for completed in (0, 0.5, 1)]
    assert rates == pytest.approx(expected)


def test_steps_rise_from_a_third_to_the_whole() -> None:
    plan = TrainingPlan(fewest_steps=24, most_steps=48, steps_rise_share=0.5)
    assert [plan.step_range(share) for share in (0, 0.25, 0.5, 1)] == [
        (8, 16),
        (16, 32),
        (24, 48),
        (24, 48),
    ]
    assert TrainingPlan(steps_rise_share=0.0).step_range(0) == (24, 48)


def test_gradients_get_unit_length() -> None:
    parameter = torch.nn.Parameter(torch.zeros(3, 4))
    parameter.grad = torch.full((3, 4), 7.0)
    normalise_gradients([parameter])
    torch.testing.assert_close(parameter.grad.norm(), torch.tensor(1.0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": 2},
        {"hidden": 0},
        {"most_steps": 1},
        {"batch": 9},
        {"learning_rate": 0.0},
        {"damage_every_iterations": 0},
        {"random_seed": 2**70},
    ],
)
def test_plan_refuses_what_cannot_work(wrong: dict[str, int | float]) -> None:
    with pytest.raises(LichenError):
        TrainingPlan(**{**SMALL.__dict__, **wrong})
