"""What a checkpoint means to a training of another kind, device or number of processes."""

import resource
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from exporters.automaton import Credits
from exporters.errors import LichenError
from training.checkpoint import load_checkpoint, save_checkpoint, write_checkpoint
from training.losses.patch import PatchLoss
from training.plan import TrainingPlan
from training.processes import Processes
from training.targets.growing import GrowingTarget
from training.targets.target import Target
from training.targets.texture import TextureTarget
from training.trainer import Trainer

PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=2, most_steps=3, grid_cells=16, batch=1, pool_size=6
)


class Third(Processes):
    """The last of three."""

    rank, count = 2, 3


def new_trainer(
    target: Target | None = None, processes: Processes | None = None, seed: int = 0
) -> Trainer:
    texture = TextureTarget(PatchLoss(torch.rand(3, 32, 32)))
    plan = replace(PLAN, random_seed=seed)
    trainer = Trainer(plan, target or texture, torch.device("cpu"), processes)
    trainer.pool.states.uniform_()
    return trainer


def mask_state(trainer: Trainer) -> Tensor:
    state: Tensor = trainer.state_dict()["mask_generator"]
    return state


def test_another_kind_of_automaton_is_named_and_nothing_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint.pt"
    form = torch.zeros(4, 16, 16)
    form[:, 4:12, 4:12] = 1
    save_checkpoint(new_trainer(GrowingTarget(form)), path)
    with pytest.raises(LichenError, match="alive masking True; resume with the same options"):
        load_checkpoint(new_trainer(), path)


@pytest.mark.parametrize(("learning_rate", "scale"), [(4e-3, 0.25), (2e-3, 1.0)])
def test_another_learning_rate_is_not_lowered_by_earlier_rollbacks(
    tmp_path: Path, learning_rate: float, scale: float
) -> None:
    path = tmp_path / "run.checkpoint.pt"
    trainer = new_trainer()
    trainer.learning_rate_scale = 0.25
    save_checkpoint(trainer, path)
    plan = replace(PLAN, learning_rate=learning_rate)
    resumed = Trainer(plan, trainer.target, torch.device("cpu"))
    load_checkpoint(resumed, path)
    assert resumed.learning_rate_scale == scale


def test_a_checkpoint_without_name_and_credits_leaves_both_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint.pt"
    save_checkpoint(new_trainer(), path)
    content = torch.load(path)
    del content["name"], content["credits"]
    torch.save(content, path)
    resumed = new_trainer()
    resumed.model.template = replace(
        resumed.model.template, name="moss", credits=Credits(author="Ann")
    )
    load_checkpoint(resumed, path)
    automaton = resumed.to_automaton()
    assert (automaton.name, automaton.credits.author) == ("moss", "Ann")


def test_random_states_of_another_device_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint.pt"
    trainer, resumed = new_trainer(), new_trainer(seed=1)
    trainer.iterate(0.0)
    save_checkpoint(trainer, path)
    content = torch.load(path)
    content["trainer"]["mask_generator"] = torch.zeros(16, dtype=torch.uint8)  # as of CUDA
    torch.save(content, path)
    masks = mask_state(resumed)
    load_checkpoint(resumed, path)
    assert resumed.iteration == 1
    torch.testing.assert_close(mask_state(resumed), masks)


def test_a_pool_of_several_processes_fills_that_of_any_number(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint.pt"
    first = new_trainer(processes=Third())
    save_checkpoint(first, path)
    for processes in (None, Third()):
        resumed = new_trainer(processes=processes)
        slots = len(resumed.pool.states)
        assert slots == PLAN.pool_size // resumed.processes.count
        load_checkpoint(resumed, path)
        expected = first.pool.states.repeat(3, 1, 1, 1)[:slots]
        torch.testing.assert_close(resumed.pool.states, expected)
        assert resumed.iterate(0.0) > 0


def test_a_name_may_hold_a_backslash(tmp_path: Path) -> None:
    path = tmp_path / "new\\line.checkpoint.pt"
    save_checkpoint(new_trainer(seed=1), path)
    later = new_trainer(seed=2)
    load_checkpoint(later, path)
    assert torch.equal(mask_state(later), mask_state(new_trainer(seed=1)))


def test_what_the_disk_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    """Files of more than so many bytes cannot be written, as if the disk were full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        with pytest.raises(LichenError, match=r"cannot write .*run\.pt: File too large"):
            write_checkpoint({"much": torch.zeros(10_000)}, tmp_path / "run.pt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_what_pytorch_refuses_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    class Refused:
        def __reduce__(self) -> tuple[object, ...]:
            raise RuntimeError("no tensor")

    with pytest.raises(LichenError, match=r"cannot write .*run\.pt: no tensor"):
        write_checkpoint({"it": Refused()}, tmp_path / "run.pt")
