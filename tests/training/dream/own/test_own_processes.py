"""A dreamer's training in two processes: the same step as one with the doubled batch."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from own_support import TINY, save_stripes, tiny_trainer
from torch.nn import functional

from training.dream.own.model_file import load_model
from training.dream.own.noising import noised_batches


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    save_stripes(folder)
    script = str(Path(__file__).with_name("launched_dreamer.py"))
    result = subprocess.run(
        [sys.executable, script, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()},
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("trained after 2 iterations") == 1
    assert load_model(tmp_path / "it.safetensors", torch.device("cpu")).facts.iterations == 2

    observed = [torch.load(tmp_path / f"observed{rank}.pt") for rank in (0, 1)]
    assert observed[0]["loss"] == observed[1]["loss"]
    for ours, theirs in zip(*(seen["weights"] for seen in observed), strict=True):
        assert torch.equal(ours, theirs)

    alone = tiny_trainer(folder)
    network = alone.denoiser.requires_grad_(True)
    losses = []
    for rank in (0, 1):
        batch = next(noised_batches(alone.source, TINY, rank=rank))
        losses.append(functional.mse_loss(network(batch.scaled, batch.levels), batch.targets))
    mean = (losses[0] + losses[1]) / 2
    assert abs(mean.item() - observed[0]["loss"]) < 1e-5
    gradients = torch.autograd.grad(mean, list(network.parameters()))
    for ours, theirs in zip(observed[0]["gradients"], gradients, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
