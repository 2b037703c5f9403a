"""Training a tiny diffusion model: it learns, goes on where it stopped, and keeps what it has."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch
from accelerate.state import AcceleratorState
from own_support import TINY, save_stripes, tiny_trainer
from torch import nn

from exporters.errors import LichenError
from training.budget import Budget
from training.dream.own.accelerator import open_accelerator
from training.dream.own.loop import Watcher, train
from training.dream.own.model_file import ModelFacts, OwnModel, load_model, save_model
from training.dream.own.pictures import open_pictures
from training.dream.own.plan import DreamerPlan
from training.dream.own.precision import chosen_precision
from training.dream.own.samples import sample_grid
from training.dream.own.trainer import DreamerTrainer, average_over_a_share
from training.dream.own.watchers import load_trainer, save_trainer
from training.loop import Progress

CPU = torch.device("cpu")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_stripes(tmp_path, 2)
    return tmp_path


def losses(trainer: DreamerTrainer, iterations: int) -> list[float]:
    found = []
    for _ in range(iterations):
        trainer.iterate()
        found.append(trainer.loss)
    return found


def same_weights(first: nn.Module, second: nn.Module) -> bool:
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(ours, theirs) for ours, theirs in pairs)


def test_the_loss_falls(folder: Path) -> None:
    found = losses(tiny_trainer(folder), 150)
    assert sum(found[-10:]) < 0.7 * sum(found[:10])


def test_same_seed_same_model(folder: Path) -> None:
    trainers = [tiny_trainer(folder) for _ in range(2)]
    other = tiny_trainer(folder, replace(TINY, random_seed=1))
    for trainer in (*trainers, other):
        losses(trainer, 3)
    assert same_weights(trainers[0].denoiser, trainers[1].denoiser)
    assert not same_weights(trainers[0].denoiser, other.denoiser)


def test_resumed_is_bitwise_equal_to_uninterrupted(folder: Path) -> None:
    whole, first, second = (tiny_trainer(folder) for _ in range(3))
    expected = losses(whole, 9)
    # In the middle of a batch's reuse.
    assert losses(first, 4) == expected[:4]
    save_trainer(first, folder / "it.checkpoint.pt")
    load_trainer(second, folder / "it.checkpoint.pt")
    assert second.iteration == 4
    assert losses(second, 5) == expected[4:]
    assert same_weights(whole.denoiser, second.denoiser)


def test_checkpoints_of_other_widths_and_damaged_ones(folder: Path) -> None:
    path = folder / "it.checkpoint.pt"
    with pytest.raises(LichenError, match="nothing to resume"):
        load_trainer(tiny_trainer(folder), path)
    save_trainer(tiny_trainer(folder), path)
    wider = tiny_trainer(folder, replace(TINY, widths=(24,)))
    with pytest.raises(LichenError, match="--widths 16"):
        load_trainer(wider, path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(LichenError, match="damaged"):
        load_trainer(tiny_trainer(folder), path)


def test_a_loss_that_is_no_number_is_told(folder: Path) -> None:
    trainer = tiny_trainer(folder)
    with torch.no_grad():
        next(iter(trainer._model.parameters())).fill_(math.nan)
    with pytest.raises(LichenError, match="--learning-rate"):
        trainer.iterate()


def test_the_average_reaches_back_over_a_tenth_of_the_training() -> None:
    average, newest = (nn.Linear(1, 1, bias=False) for _ in range(2))
    for iteration in range(1000):
        newest.weight.data.fill_(iteration)
        average_over_a_share(average, newest, iteration)
    # A ramp's average lies behind its end by the mean age: a ninth of the whole for this exponent.
    assert average.weight.item() == pytest.approx(1000 * (1 - 1 / (6.94 + 2)), rel=0.01)


class Notes(Watcher):
    def __init__(self) -> None:
        self.iterations: list[int] = []
        self.ended = 0
        self.remaining_seconds: list[float] = []

    def watch(self, trainer: DreamerTrainer, progress: Progress) -> None:
        self.remaining_seconds.append(progress.remaining_seconds)
        self.iterations.append(progress.iteration)

    def end(self, trainer: DreamerTrainer, progress: Progress) -> None:
        self.ended += 1


def test_the_loop_ends_by_iterations_minutes_or_wish(folder: Path) -> None:
    notes = Notes()
    train(tiny_trainer(folder), Budget(iterations=3), [notes])
    assert (notes.iterations, notes.ended) == ([1, 2, 3], 1)

    seconds = iter(range(0, 1000, 20))
    by_clock = Notes()
    train(tiny_trainer(folder), Budget(minutes=1), [by_clock], clock=lambda: float(next(seconds)))
    assert by_clock.iterations == [1, 2]

    by_wish = Notes()
    trainer = tiny_trainer(folder)
    train(trainer, Budget(iterations=9), [by_wish], stop=lambda: trainer.iteration == 2)
    assert (by_wish.iterations, by_wish.ended) == ([1, 2], 1)


def test_the_time_left_is_told_by_the_pace_since_it_was_resumed(folder: Path) -> None:
    trainer, notes = tiny_trainer(folder), Notes()
    trainer.iteration = 97
    train(trainer, Budget(iterations=100), [notes], clock=lambda: 20.0 * trainer.iteration)
    assert notes.remaining_seconds == pytest.approx([40, 20, 0])


def test_bfloat16_learns_too_and_keeps_whole_weights(folder: Path) -> None:
    AcceleratorState._reset_state(True)
    try:
        accelerator = open_accelerator("cpu", "bfloat16")
        assert accelerator.mixed_precision == "bf16"
        trainer = DreamerTrainer(TINY, open_pictures(folder, TINY), accelerator)
        found = losses(trainer, 60)
    finally:
        AcceleratorState._reset_state(True)
    assert sum(found[-10:]) < 0.8 * sum(found[:10])
    assert {weight.dtype for weight in trainer.denoiser.parameters()} == {torch.float32}


def test_auto_precision_follows_the_device() -> None:
    has_units = torch.cpu._is_avx512_bf16_supported()
    assert chosen_precision("auto", CPU) == ("bfloat16" if has_units else "float32")
    assert chosen_precision("auto", torch.device("mps")) == "float32"
    assert chosen_precision("float32", CPU) == "float32"


def test_samples_are_a_grid_and_the_same_each_time(folder: Path) -> None:
    trainer = tiny_trainer(folder)
    grid = sample_grid(trainer.denoiser, TINY)
    assert grid.shape == (2 * 16 + 2, 4 * 16 + 3 * 2, 3)
    assert (grid == sample_grid(trainer.denoiser, TINY)).all()
    assert (grid[16:18] == 0).all() and (grid[:, 16:18] == 0).all()


def saved(folder: Path) -> tuple[DreamerTrainer, Path]:
    trainer = tiny_trainer(folder)
    path = folder / "mine.safetensors"
    facts = ModelFacts((16,), 16, "cosine", "2 pictures of moss", 7, "lichen train-dreamer moss")
    save_model(OwnModel(trainer.denoiser, facts), path)
    return trainer, path


def test_the_model_comes_back(folder: Path) -> None:
    trainer, path = saved(folder)
    model = load_model(path, CPU)
    assert (model.facts.schedule, model.facts.iterations) == ("cosine", 7)
    assert model.facts.pictures == "2 pictures of moss"
    for ours, theirs in zip(
        model.denoiser.parameters(), trainer.denoiser.parameters(), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [
        ({}, "is no dreamer"),
        ({"lichen_dreamer": "{"}, "does not fit"),
        ({"lichen_dreamer": "[]"}, "does not fit"),
        ({"lichen_dreamer": '{"format_version": 2}'}, "format version 2"),
        ({"lichen_dreamer": '{"format_version": 1, "widths": [16]}'}, "does not fit"),
        (
            {"lichen_dreamer": '{"format_version": 1, "widths": [7], "patch_pixels": 16}'},
            "multiples of 8",
        ),
        (
            {"lichen_dreamer": '{"format_version": 1, "widths": [16], "patch_pixels": 16}'},
            "does not hold the weights",
        ),
    ],
)
def test_files_that_hold_no_model(tmp_path: Path, metadata: dict[str, str], complaint: str) -> None:
    path = tmp_path / "it.safetensors"
    safetensors.torch.save_file({"weight": torch.zeros(2)}, path, metadata)
    with pytest.raises(LichenError, match=complaint):
        load_model(path, CPU)


def test_missing_damaged_and_spoilt_models(folder: Path) -> None:
    with pytest.raises(LichenError, match="there is no model"):
        load_model(folder / "nowhere.safetensors", CPU)
    trainer, path = saved(folder)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(LichenError, match="damaged or cut short"):
        load_model(path, CPU)
    with torch.no_grad():
        next(iter(trainer.denoiser.parameters())).fill_(math.inf)
    save_model(OwnModel(trainer.denoiser, ModelFacts((16,), 16)), path)
    with pytest.raises(LichenError, match="no numbers"):
        load_model(path, CPU)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"patch_pixels": 8}, "patch pixels"),
        ({"side_pixels": 8}, "side pixels"),
        ({"patch_pixels": 64}, "hold no patch of 64"),
        ({"batch": 0}, "batch"),
        ({"reuse": 0}, "reuse"),
        ({"widths": ()}, "multiples of 8"),
        ({"widths": (20,)}, "multiples of 8"),
        ({"widths": (8,) * 5}, "1 to 4"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"schedule": "quadratic"}, "schedule"),
        ({"times": "never"}, "times"),
        ({"random_seed": -1}, "random seed"),
    ],
)
def test_bad_plans_are_one_sentence(change: dict[str, object], complaint: str) -> None:
    values = {**vars(TINY), **change}
    with pytest.raises(LichenError, match=complaint):
        DreamerPlan(**values)  # type: ignore[arg-type]
