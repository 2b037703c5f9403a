"""`lichen train-dreamer` as a user meets it, on tiny trainings."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from own_support import idx_bytes, save_stripes
from PIL import Image

from training.dream.own.model_file import load_model
from training.dream.own.trainer import DreamerTrainer
from training.dream.own.watchers import Bar
from training.loop import Progress
from training.run_files import checkpoint_path, lock_path, samples_path
from training.run_status import claimed
from viewer.command import main

TINY = "--patch 16 --size 32 --widths 16 --batch 2 --reuse 3 --precision float32".split()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    save_stripes(folder)
    return folder


def train(folder: Path, output: Path, *options: str) -> int:
    return main(["train-dreamer", str(folder), "-o", str(output), *TINY, *options])


def test_writes_model_samples_and_checkpoint(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(folder, output, "--iterations", "3", "--schedule", "cosine") == 0
    facts = load_model(output, torch.device("cpu")).facts
    assert (facts.widths, facts.schedule, facts.iterations) == ((16,), "cosine", 3)
    assert facts.pictures == f"1 picture of {folder}"
    assert facts.training_command.startswith("lichen ")
    assert checkpoint_path(output).exists()
    assert not lock_path(output).exists()
    with Image.open(samples_path(output)) as samples:
        assert samples.size == (4 * 16 + 6, 2 * 16 + 2)
    assert "trained after 3 iterations" in capfd.readouterr().err


def test_resume_gives_the_file_of_an_uninterrupted_run(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    assert train(folder, whole, "--iterations", "5") == 0
    assert train(folder, parts, "--iterations", "2") == 0
    assert train(folder, parts, "--iterations", "5", "--resume") == 0
    assert "resumed at iteration 2" in capfd.readouterr().err
    models = [load_model(path, torch.device("cpu")).denoiser for path in (whole, parts)]
    for first, second in zip(*(model.parameters() for model in models), strict=True):
        assert torch.equal(first, second)


def test_the_report_shows_loss_and_samples(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    output = tmp_path / "mine.safetensors"
    assert train(folder, output, "--iterations", "4", "--report", str(report)) == 0
    page = report.read_text("utf-8")
    assert train(folder, output, "--iterations", "5", "--report", str(report), "--resume") == 0
    assert report.read_text("utf-8") != page
    report.write_text("my notes")
    assert train(folder, output, "--iterations", "6", "--report", str(report), "--resume") == 2
    assert report.read_text("utf-8") == "my notes"
    assert page.count('<img src="data:image/png;base64,') == 4  # after 1, 2, 3 and 4 of them
    assert '<svg id="loss"' in page
    assert "<td>karras</td>" in page
    assert "$" not in page


def test_a_finished_training_is_not_stopped_early(
    folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end = Bar.end

    def interrupt(bar: Bar, trainer: DreamerTrainer, progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        end(bar, trainer, progress)

    monkeypatch.setattr(Bar, "end", interrupt)
    assert train(folder, tmp_path / "mine.safetensors", "--iterations", "2") == 0
    assert "trained after 2 iterations" in capfd.readouterr().err


def test_idx_files_as_in_the_lesson(tmp_path: Path) -> None:
    folder = tmp_path / "fashion"
    folder.mkdir()
    pictures = np.random.default_rng(0).integers(0, 256, (8, 28, 28), dtype=np.uint8)
    (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(pictures))
    output = tmp_path / "mine.safetensors"
    assert train(folder, output, "--patch", "28", "--iterations", "2") == 0
    assert load_model(output, torch.device("cpu")).facts.patch_pixels == 28


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--iterations", "0"], "above zero"),
        (["--minutes", "nan"], "above zero"),
        (["--patch", "3"], "patch pixels"),
        (["--patch", "33"], "hold no patch"),
        (["--patch", "32", "--size", "64", "--batch", "0"], "batch"),
        (["--widths", "many"], "64,64,96"),
        (["--widths", "20"], "multiples of 8"),
        (["--schedule", "square"], "invalid choice"),
        (["--device", "toaster"], "toaster"),
        (["--resume"], "nothing to resume"),
        (["--report", "nowhere/report.html"], "nowhere"),
    ],
)
def test_bad_options_are_one_sentence(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    word: str,
) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(folder, output, *options) == 2
    error = capsys.readouterr().err
    assert word in error
    assert "Traceback" not in error
    assert not output.exists()


def test_what_is_there_is_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    output.write_text("precious")
    assert train(folder, output, "--iterations", "1") == 2
    assert "--force" in capsys.readouterr().err
    with claimed(output):
        assert train(folder, output, "--iterations", "1", "--force") == 2
    assert "another training is still writing to" in capsys.readouterr().err
    assert output.read_text() == "precious"
    assert train(folder, tmp_path / "mine.pt", "--iterations", "1") == 2
    assert "must end in .safetensors" in capsys.readouterr().err


def test_interrupt_keeps_what_is_there(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine.safetensors"
    command = [sys.executable, "-m", "viewer", "train-dreamer", str(folder), "-o", str(output)]
    process = subprocess.Popen(
        [*command, *TINY, "--iterations", "1000000", "--preview-every", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    while process.poll() is None and not samples_path(output).exists():
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert "stopped early after" in said
    assert load_model(output, torch.device("cpu")).facts.iterations > 0
