"""What a training leaves in the end: the best weights that hold, and a word about them."""

import copy
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.gallery import preview_path
from exporters.reference import run
from exporters.seed import Seed, seed_state
from exporters.stability import Watch
from support import random_automaton, random_state, relative_error
from training import finish
from training.budget import Budget
from training.callbacks.callback import Callback
from training.callbacks.candidates import Candidates
from training.checkpoint import load_checkpoint, save_checkpoint
from training.finish import choose_automaton, finish_training, save_preview, training_watch
from training.loop import Training
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.protocol import CheckAdvanced
from training.targets.growing import GrowingTarget
from training.targets.texture import TextureTarget
from training.torch_stepper import TorchStepper
from training.trainer import Trainer

CPU = torch.device("cpu")
PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=2, most_steps=3, grid_cells=16, batch=1, pool_size=2
)
BRIEF = Watch((32, 24), settled_steps=4, old_steps=16, healing_steps=4)


def grey(contrast: float) -> torch.Tensor:
    """Noise [3, 32, 32] about the middle grey."""
    noise = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(0))
    return 0.5 + contrast * (2 * noise - 1)


def new_trainer() -> Trainer:
    return Trainer(PLAN, TextureTarget(PatchLoss(grey(0.3))), CPU)


def still(contrast: float) -> Automaton:
    """Noise that never changes, so that it keeps scars."""
    automaton = random_automaton(4, 8)
    return replace(
        automaton,
        update_weight=np.zeros_like(automaton.update_weight),
        update_bias=np.zeros_like(automaton.update_bias),
        seed=Seed("uniform", -contrast, contrast),
    )


def test_the_stepper_does_what_the_reference_does() -> None:
    automaton = random_automaton(5, 6, update_rate=1.0)
    state = random_state(5, 9, 7)
    before = state.copy()
    assert relative_error(TorchStepper(automaton)(state, 4), run(automaton, state, 4)) < 1e-4
    np.testing.assert_array_equal(state, before)


def test_each_call_fires_other_cells_and_a_new_stepper_the_same_again() -> None:
    automaton = random_automaton(4, 8)
    state = seed_state(Seed("uniform", -1, 1), 4, 16, 16)
    stepper = TorchStepper(automaton)
    first = stepper(state, 1)
    assert (stepper(state, 1) != first).any()
    np.testing.assert_array_equal(TorchStepper(automaton)(state, 1), first)


class ContrastTarget(TextureTarget):
    """Wants noise of this contrast."""

    def __init__(self, contrast: float) -> None:
        super().__init__(PatchLoss(grey(0.3)))
        self._contrast = contrast

    def loss(self, states: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        return (states.abs().mean() - self._contrast / 2).abs()


@pytest.mark.parametrize("wanted", [0.4, 0.5])
def test_the_loss_after_a_long_rollout_decides_among_equal_verdicts(wanted: float) -> None:
    contenders = [still(0.4), still(0.5)]
    trainer = Trainer(PLAN, ContrastTarget(wanted), CPU)
    for order in (contenders, contenders[::-1]):
        chosen = choose_automaton(trainer, order, BRIEF)
        assert chosen.verdict is not None and chosen.verdict.word == "keeps scars"
        assert chosen.seed.high == wanted


def test_a_better_verdict_comes_before_a_better_loss() -> None:
    trainer = Trainer(PLAN, ContrastTarget(1.0), CPU)
    # Its noise never leaves the clamp, and its contrast is the wanted one.
    stuck = replace(still(1.0), clamp=(-0.5, 0.5))
    chosen = choose_automaton(trainer, [still(0.4), stuck], BRIEF)
    assert chosen.verdict is not None and chosen.verdict.word == "keeps scars"


def test_what_blows_up_has_no_loss_and_loses() -> None:
    wild = replace(still(0.4), update_bias=np.full(4, 50, np.float32))
    chosen = choose_automaton(new_trainer(), [wild, still(0.0)], BRIEF)
    assert chosen.verdict is not None and chosen.verdict.word == "dies"
    alone = choose_automaton(new_trainer(), [wild], BRIEF)
    assert alone.verdict is not None and alone.verdict.word == "blows up"


def test_the_file_carries_the_verdict_and_the_trainer_goes_on_from_its_last_weights(
    tmp_path: Path,
) -> None:
    trainer = new_trainer()
    trainer.keep_candidate()
    trainer.iterate(0.0)
    weights = trainer.to_automaton().hidden_weight
    output = tmp_path / "moss.safetensors"
    automaton, verdict = finish_training(trainer, output)
    saved = load_automaton(output)
    assert saved.verdict == automaton.verdict == verdict is not None
    np.testing.assert_array_equal(saved.update_weight, automaton.update_weight)
    np.testing.assert_array_equal(trainer.to_automaton().hidden_weight, weights)
    with Image.open(preview_path(output)) as preview:
        assert preview.size == (128, 128)


def told_at_the_end(trainer: Trainer, output: Path, check: bool = True) -> list[CheckAdvanced]:
    told: list[CheckAdvanced] = []
    finish_training(trainer, output, check, told.append)
    return told


def test_how_far_the_check_is_goes_by_the_work_that_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "training_watch", lambda trainer: BRIEF)
    trainer = Trainer(PLAN, TextureTarget(PatchLoss(grey(0.3))), CPU)
    Training(trainer, Budget(iterations=20), [Candidates()]).run()
    told = told_at_the_end(trainer, tmp_path / "moss.safetensors")
    numbers = [advanced.candidate for advanced in told]
    assert sorted(set(numbers)) == [0, 1, 2, 3] and numbers[-1] == 0
    assert {advanced.candidates for advanced in told} == {3}
    shares = [advanced.completed for advanced in told]
    assert shares[0] == 0 and shares == sorted(set(shares)) and shares[-1] < 1
    one = 20 * 32 * 32 + 2 * 4 * 24 * 24
    whole = 3 * one + 600 * 128 * 128
    begun = {number: shares[numbers.index(number)] for number in (1, 2, 3, 0)}
    expected = {1: 0.0, 2: one / whole, 3: 2 * one / whole, 0: 3 * one / whole}
    assert begun == pytest.approx(expected)
    assert told[0].headline == "Checking candidate 1 of 3"
    assert told[0].watching == "from the seed, 32x32, 0 steps"
    assert told[-1].headline == "Drawing its picture"
    assert replace(told[0], candidates=1).headline == "Checking that it holds"


def test_a_candidate_that_dies_early_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "training_watch", lambda trainer: BRIEF)
    trainer = new_trainer()
    trainer.keep_candidate()
    told = told_at_the_end(trainer, tmp_path / "moss.safetensors")
    assert [advanced.candidate for advanced in told[:2]] == [1, 2]
    one = 20 * 32 * 32 + 2 * 4 * 24 * 24
    assert told[1].completed == pytest.approx(one / (2 * one + 600 * 128 * 128))


def test_without_a_check_the_picture_is_all_that_is_waited_for(tmp_path: Path) -> None:
    told = told_at_the_end(new_trainer(), tmp_path / "moss.safetensors", check=False)
    assert {advanced.headline for advanced in told} == {"Drawing its picture"}
    assert told[0].completed == 0 and told[12].completed == 0.5


def test_a_picture_drawn_in_parts_is_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = []
    for steps in (7, 25, 600):
        monkeypatch.setattr(finish, "PREVIEW_STEPS_A_REPORT", steps)
        save_preview(random_automaton(4, 8), tmp_path / "moss.safetensors", CPU)
        pictures.append(preview_path(tmp_path / "moss.safetensors").read_bytes())
    assert pictures[0] == pictures[1] == pictures[2]


def test_without_a_check_the_last_weights_are_taken(tmp_path: Path) -> None:
    trainer = new_trainer()
    trainer.keep_candidate()
    trainer.iterate(0.0)
    output = tmp_path / "moss.safetensors"
    _, verdict = finish_training(trainer, output, check=False)
    assert verdict is None
    saved = load_automaton(output)
    np.testing.assert_array_equal(saved.hidden_weight, trainer.to_automaton().hidden_weight)
    assert saved.verdict is None


def test_a_form_is_watched_on_the_grid_it_was_drawn_on() -> None:
    trainer = Trainer(PLAN, GrowingTarget(torch.zeros(16, 16, 4)), CPU)
    assert training_watch(trainer).sides_cells == (16, 20)
    assert training_watch(new_trainer()).sides_cells[0] == 64


def iterations_kept(trainer: Trainer, iterations: int, stop_after: int = 1000) -> list[int]:
    training = Training(trainer, Budget(iterations=iterations), [Candidates()])
    training.run(lambda: trainer.iteration >= stop_after)
    return list(trainer.candidates())


def test_candidates_come_from_the_last_part_of_a_training() -> None:
    trainer = new_trainer()
    assert iterations_kept(trainer, 20, stop_after=16) == []
    assert iterations_kept(trainer, 20) == [17]


def test_a_candidate_that_was_taken_back_is_kept_anew() -> None:
    class BrokenOnce:
        """A style loss whose 19th value is no number."""

        description = "broken once"
        calls = 0

        def __call__(self, pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
            self.calls += 1
            return pictures.mean() * (math.nan if self.calls == 19 else 1.0)

    loss = BrokenOnce()
    trainer = Trainer(PLAN, TextureTarget(loss), CPU)
    assert iterations_kept(trainer, 20) == [17]
    assert loss.calls == 19 + 20  # All that was learnt until then was taken back.


def test_a_resumed_training_knows_the_candidates_that_it_has_behind_it(tmp_path: Path) -> None:
    trainer, resumed = new_trainer(), new_trainer()
    iterations_kept(trainer, 20, stop_after=18)
    save_checkpoint(trainer, tmp_path / "moss.checkpoint.pt")
    load_checkpoint(resumed, tmp_path / "moss.checkpoint.pt")
    assert iterations_kept(resumed, 20) == [17]
    kept, expected = resumed.candidates()[17], trainer.candidates()[17]
    np.testing.assert_array_equal(kept.update_weight, expected.update_weight)
    assert (kept.update_weight != resumed.to_automaton().update_weight).any()


def test_a_longer_training_forgets_the_candidates_of_a_shorter_one() -> None:
    trainer = new_trainer()
    assert iterations_kept(trainer, 20) == [17]
    assert iterations_kept(trainer, 40, stop_after=21) == []
    assert iterations_kept(trainer, 40) == [34]


def test_a_rollback_takes_candidates_along() -> None:
    trainer = new_trainer()
    trainer.keep_candidate()
    before = copy.deepcopy(trainer.state_dict())
    trainer.iterate(0.0)
    trainer.keep_candidate()
    trainer.load_state_dict(before)
    assert list(trainer.candidates()) == [0]


class Weights(Callback):
    """Writes down the weights after each iteration."""

    def __init__(self) -> None:
        self.seen: list[NDArray[np.float32]] = []

    def after_step(self, training: Training) -> None:
        self.seen.append(training.trainer.to_automaton().hidden_weight)


def test_the_average_is_that_of_the_last_part_resumed_or_not(tmp_path: Path) -> None:
    trainer, resumed, weights = new_trainer(), new_trainer(), Weights()
    training = Training(trainer, Budget(iterations=20), [weights])
    training.run(lambda: trainer.iteration >= 10)
    assert trainer.average() is None
    training.run(lambda: trainer.iteration >= 18)
    save_checkpoint(trainer, tmp_path / "moss.checkpoint.pt")
    load_checkpoint(resumed, tmp_path / "moss.checkpoint.pt")
    training.run()
    Training(resumed, Budget(iterations=20)).run()
    expected = np.mean(weights.seen[-5:], axis=0)
    for each in (trainer, resumed):
        average = each.average()
        assert average is not None
        np.testing.assert_allclose(average.hidden_weight, expected, rtol=1e-5, atol=1e-7)
    assert (expected != weights.seen[-1]).any()


def test_a_longer_training_averages_anew() -> None:
    trainer, weights = new_trainer(), Weights()
    Training(trainer, Budget(iterations=8)).run()
    Training(trainer, Budget(iterations=16), [weights]).run()
    average = trainer.average()
    assert average is not None
    expected = np.mean(weights.seen[-4:], axis=0)
    np.testing.assert_allclose(average.hidden_weight, expected, rtol=1e-5, atol=1e-7)


def test_the_average_is_among_those_that_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wild last weights lose against the mean of calm ones."""
    monkeypatch.setattr(finish, "training_watch", lambda trainer: BRIEF)
    trainer = new_trainer()
    trainer.model.template = replace(trainer.model.template, name="moss")
    Training(trainer, Budget(iterations=4)).run()
    average = trainer.average()
    with torch.no_grad():
        trainer.model.hidden_weight.fill_(50.0)
        trainer.model.update_weight.fill_(50.0)
    saved, _ = finish_training(trainer, tmp_path / "moss.safetensors")
    assert average is not None
    np.testing.assert_array_equal(saved.update_weight, average.update_weight)
    assert saved.name == "moss"
