"""Training in two processes, really launched: the same step as one with the doubled batch."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from launched_training import PLAN, lively_trainer
from PIL import Image

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from training.checkpoint import load_checkpoint, save_checkpoint
from training.losses.patch import PatchLoss
from training.order import TrainingOrder
from training.prepare import prepare_trainer
from training.processes import LaunchedProcesses, Processes, join_processes
from training.run_files import checkpoint_path
from training.targets.texture import TextureTarget
from training.trainer import Trainer, normalise_gradients
from viewer.command import main

LAUNCH = "--multi_gpu --num_processes 2 --num_machines 1 --mixed_precision bf16 --dynamo_backend no"
PRECISION = "ACCELERATE_MIXED_PRECISION"


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that a launched training left, and what it said."""
    folder = tmp_path_factory.mktemp("launched")
    checks = np.indices((48, 40)).sum(axis=0) // 4 % 2 * np.uint8(255)
    Image.fromarray(np.stack([checks, checks // 2, 255 - checks], axis=2).astype(np.uint8)).save(
        folder / "image.png"
    )
    launcher = [sys.executable, "-m", "accelerate.commands.launch", *LAUNCH.split()]
    script = str(Path(__file__).with_name("launched_training.py"))
    result = subprocess.run(
        [*launcher, "--main_process_port", "0", script, str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()},
    )
    assert result.returncode == 0, result.stderr
    return folder, result.stderr


@pytest.fixture(scope="module")
def observed(launched: tuple[Path, str]) -> list[dict[str, Any]]:
    """What each process saw of one iteration."""
    return [torch.load(launched[0] / f"observed{rank}.pt") for rank in (0, 1)]


def test_the_step_is_that_of_the_doubled_batch(observed: list[dict[str, Any]]) -> None:
    trainer = lively_trainer()
    states = torch.cat([seen["states"] for seen in observed])
    for fires in torch.cat([seen["masks"] for seen in observed], dim=1):
        states = trainer.model(states, fires)
    generator = torch.Generator()
    generator.set_state(observed[0]["generator"])
    trainer.target.loss(states, generator).backward()
    normalise_gradients(trainer.trained_parameters())
    for parameter, ours, theirs in zip(
        trainer.trained_parameters(), *(seen["gradients"] for seen in observed), strict=True
    ):
        torch.testing.assert_close(ours, parameter.grad, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def test_each_process_has_its_own_states_and_masks(observed: list[dict[str, Any]]) -> None:
    first, second = observed
    assert first["pool_slots"] == second["pool_slots"] == PLAN.pool_size // 2
    assert not torch.equal(first["states"], second["states"])
    assert not torch.equal(first["masks"], second["masks"])


def test_the_launchers_precision_is_known(observed: list[dict[str, Any]]) -> None:
    assert [seen["in_bfloat16"] for seen in observed] == [True, True]


def test_a_precision_that_we_lack_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRECISION, "fp16")
    with pytest.raises(LichenError, match="--mixed_precision bf16"):
        LaunchedProcesses(on_cpu=True)


def test_processes_average_and_agree(observed: list[dict[str, Any]]) -> None:
    assert [seen["mean_rank"] for seen in observed] == [0.5, 0.5]
    assert [seen["agreed"] for seen in observed] == [7.0, 7.0]


def test_the_first_process_alone_writes_and_prints(launched: tuple[Path, str]) -> None:
    folder, said = launched
    assert load_automaton(folder / "it.safetensors").update_weight.any()
    assert said.count("trained after 3 iterations") == 1
    assert "Traceback" not in said


def test_a_callback_that_changes_gradients_does_so_in_all(launched: tuple[Path, str]) -> None:
    first, second = (torch.load(launched[0] / f"weights{rank}.pt") for rank in (0, 1))
    for ours, theirs in zip(first, second, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


class Second(Processes):
    """The second of two, for what needs no other to be there."""

    rank, count = 1, 2


def test_resuming_shares_the_pool_out(tmp_path: Path) -> None:
    target = TextureTarget(PatchLoss(torch.rand(3, 32, 32)))
    whole = Trainer(PLAN, target, torch.device("cpu"))
    whole.pool.states.uniform_()
    save_checkpoint(whole, tmp_path / "run.checkpoint.pt")
    second = Trainer(PLAN, target, torch.device("cpu"), Second())
    masks = second.state_dict()["mask_generator"]
    load_checkpoint(second, tmp_path / "run.checkpoint.pt")
    torch.testing.assert_close(second.pool.states, whole.pool.states[PLAN.pool_size // 2 :])
    torch.testing.assert_close(second.state_dict()["mask_generator"], masks)


def test_each_process_ages_a_quarter_of_its_share(tmp_path: Path) -> None:
    Image.effect_noise((40, 40), 60).convert("RGB").save(tmp_path / "noise.png")
    output = tmp_path / "it.safetensors"
    save_checkpoint(lively_trainer(), checkpoint_path(output))
    order = TrainingOrder(tmp_path / "noise.png", output, plan=PLAN, loss="patch", resume=True)
    young = prepare_trainer(order, Second()).pool.states
    aged = prepare_trainer(replace(order, age_steps=3), Second()).pool.states
    changed = (young != aged).flatten(1).any(dim=1)
    assert changed.tolist() == [True, False, False, False]


def test_a_pool_that_cannot_be_shared_is_refused() -> None:
    target = TextureTarget(PatchLoss(torch.rand(3, 32, 32)))
    with pytest.raises(LichenError, match="pool of 7 .* 2 processes"):
        Trainer(replace(PLAN, pool_size=7), target, torch.device("cpu"), Second())


@pytest.mark.parametrize(("told", "in_bfloat16"), [(None, False), ("no", False), ("bf16", True)])
def test_one_process_hears_the_launchers_precision(
    monkeypatch: pytest.MonkeyPatch, told: str | None, in_bfloat16: bool
) -> None:
    """`accelerate launch` tells a single process nothing else."""
    monkeypatch.delenv(PRECISION, raising=False)
    if told is not None:
        monkeypatch.setenv(PRECISION, told)
    processes = join_processes("cpu")
    assert (processes.count, processes.in_bfloat16) == (1, in_bfloat16)


@pytest.mark.parametrize("options", [[], ["--find-learning-rate"]])
def test_one_process_is_told_of_a_precision_that_we_lack(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    monkeypatch.setenv(PRECISION, "fp16")
    output = tmp_path / "it.safetensors"
    assert main(["train", "image.png", "-o", str(output), *options]) == 2
    assert "--mixed_precision bf16 or no" in capsys.readouterr().err
