"""`lichen train --resume`: what it keeps, and what it leaves alone where nothing is learnt."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.stability import Watch
from training import finish
from training.prepare import joined_commands
from training.processes import Processes
from training.run_files import checkpoint_path, status_path
from training.run_status import note_phase, read_status
from training.trainer import Trainer
from viewer.command import main

TINY = "--loss patch --channels 4 --hidden 4 --grid 16 --batch 1 --pool 4 --steps 2:4".split()
SIGNED = "--name Zed --author Ann --licence CC0 --exemplar-licence MIT".split()

CALLBACKS = """
import os
import signal

from exporters.errors import LichenError
from training.callbacks.callback import Callback

class Fails(Callback):
    def after_predict(self, training):
        raise LichenError("something is in the way.")

class InterruptsAtOnce(Callback):
    def before_training(self, training):
        os.kill(os.getpid(), signal.SIGINT)

class FailsAtOnce(Callback):
    def before_training(self, training):
        raise LichenError("something is in the way.")

class InterruptsAfter18(Callback):
    def after_step(self, training):
        if training.trainer.iteration == 18:
            os.kill(os.getpid(), signal.SIGINT)

class InterruptsAtTheEnd(Callback):
    def after_training(self, training):
        os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.fixture(autouse=True)
def _brief_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks and previews take longer than these trainings."""
    brief = Watch((32, 24), settled_steps=4, old_steps=16, healing_steps=4)
    monkeypatch.setattr(finish, "training_watch", lambda trainer: brief)
    monkeypatch.setattr(finish, "PREVIEW_STEPS", 2)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the automaton goes, in a folder with a picture to learn and some callbacks."""
    save_noise(tmp_path / "noise.png", seed=0)
    (tmp_path / "mine.py").write_text(CALLBACKS)
    return tmp_path / "a.safetensors"


def save_noise(path: Path, seed: int) -> None:
    """Write a picture; the same seed gives the same bytes."""
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 40, 3), np.uint8)
    Image.fromarray(pixels).save(path)


def train(output: Path, iterations: int, *options: str, picture: str = "noise.png") -> int:
    """Run the command as if it had been typed, so that the automaton's credits tell it."""
    words = ["train", str(output.parent / picture), "-o", str(output), *TINY]
    sys.argv = ["lichen", *words, "--iterations", str(iterations), *options]
    return main(sys.argv[1:])


@pytest.fixture(autouse=True)
def _own_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)


def callback(output: Path, name: str) -> list[str]:
    return ["--callback", f"{output.with_name('mine.py')}:{name}"]


def pool_of(output: Path) -> torch.Tensor:
    pool: torch.Tensor = torch.load(checkpoint_path(output))["trainer"]["pool"]
    return pool


def test_name_and_credits_are_kept(output: Path) -> None:
    assert train(output, 1, *SIGNED) == 0
    first = load_automaton(output).credits.training_command
    assert train(output, 2, "--resume", "--licence", "MIT") == 0
    automaton = load_automaton(output)
    credits = automaton.credits
    assert (automaton.name, credits.author, credits.licence) == ("Zed", "Ann", "MIT")
    assert (credits.exemplar, credits.exemplar_licence) == ("noise.png", "MIT")
    commands = credits.training_command.split(" && ")
    assert commands[0] == first and "--author Ann" in first
    assert len(commands) == 2 and "--iterations 2 --resume" in commands[1]


@pytest.mark.parametrize("place", ["other.png", "moved/noise.png"])
def test_a_picture_that_was_renamed_or_moved_keeps_its_licence(
    output: Path, capfd: pytest.CaptureFixture[str], place: str
) -> None:
    assert train(output, 1, *SIGNED) == 0
    moved = output.parent / place
    moved.parent.mkdir(exist_ok=True)
    output.with_name("noise.png").rename(moved)
    assert train(output, 2, "--resume", picture=place) == 0
    assert "is not the picture" not in capfd.readouterr().err
    credits = load_automaton(output).credits
    assert (credits.exemplar, credits.exemplar_licence) == (moved.name, "MIT")


@pytest.mark.parametrize("name", ["noise.png", "other.png"])
def test_the_licence_of_one_picture_is_not_that_of_another(
    output: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    assert train(output, 1, *SIGNED) == 0
    save_noise(output.with_name(name), seed=1)
    assert train(output, 2, "--resume", picture=name) == 0
    told = f"{name} is not the picture that this training has learnt so far; it goes on with"
    assert capfd.readouterr().err.count(told) == 1
    credits = load_automaton(output).credits
    assert (credits.author, credits.licence) == ("Ann", "CC0")
    assert (credits.exemplar, credits.exemplar_licence) == (name, "")
    assert train(output, 3, "--resume", "--exemplar-licence", "CC0", picture=name) == 0
    assert told not in capfd.readouterr().err
    credits = load_automaton(output).credits
    assert (credits.exemplar, credits.exemplar_licence) == (name, "CC0")


def test_a_checkpoint_without_a_digest_knows_its_picture_by_name(output: Path) -> None:
    assert train(output, 1, *SIGNED) == 0
    checkpoint = torch.load(checkpoint_path(output))
    del checkpoint["exemplar_digest"]
    torch.save(checkpoint, checkpoint_path(output))
    assert train(output, 2, "--resume") == 0
    assert load_automaton(output).credits.exemplar_licence == "MIT"


@pytest.mark.parametrize(("seed", "watched"), [(0, 3), (1, 2)])
def test_weights_that_learnt_another_picture_are_not_judged(
    output: Path, monkeypatch: pytest.MonkeyPatch, seed: int, watched: int
) -> None:
    """After 18 of 20 iterations there is a late moment already, and a mean that has begun."""
    judged: list[int] = []
    choose = finish.choose_automaton

    def count(trainer: Trainer, contenders: list[Automaton], *others: Any) -> Automaton:
        judged.append(len(contenders))
        return choose(trainer, contenders, *others)

    monkeypatch.setattr(finish, "choose_automaton", count)
    assert train(output, 20, *callback(output, "InterruptsAfter18")) == 0
    save_noise(output.with_name("noise.png"), seed)
    assert train(output, 20, "--resume") == 0
    assert judged == [3, watched]
    average = torch.load(checkpoint_path(output))["trainer"]["average"]
    assert average["n_averaged"] == (5 if seed == 0 else 2)


def test_a_new_name_is_taken(output: Path) -> None:
    assert train(output, 1) == 0
    assert load_automaton(output).name == "a"
    assert train(output, 2, "--resume", "--name", "Zed") == 0
    assert load_automaton(output).name == "Zed"


@pytest.mark.parametrize(
    ("earlier", "newest", "joined"),
    [
        ("", "a", "a"),
        ("a", "", "a"),
        ("a", "b", "a && b"),
        ("a", "a", "a"),
        ("a && b", "b", "a && b"),
        ("a && b", "a", "a && b && a"),
        ("ab", "b", "ab && b"),
    ],
)
def test_commands_are_joined_once_each(earlier: str, newest: str, joined: str) -> None:
    assert joined_commands(earlier, newest) == joined


def test_a_failure_before_the_first_iteration_costs_nothing(output: Path) -> None:
    failing = callback(output, "Fails")
    assert train(output, 1, *failing) == 2
    assert not output.exists() and not checkpoint_path(output).exists()
    assert train(output, 2) == 0
    files = output, checkpoint_path(output), status_path(output)
    note_phase(output, "finished")
    before = [path.read_bytes() for path in files]
    assert load_automaton(output).verdict is not None
    for option in ("--resume", "--force"):
        assert train(output, 4, option, *failing) == 2
        assert [path.read_bytes() for path in files] == before


def test_what_is_known_of_another_automaton_goes_with_it(output: Path) -> None:
    assert train(output, 1) == 0
    note_phase(output, "finished")
    assert train(output, 2, "--resume") == 0
    assert read_status(output) is not None  # a window may have trained here before
    assert train(output, 1, "--force") == 0
    assert read_status(output) is None


def test_an_interrupt_before_the_first_iteration_costs_nothing(
    output: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    interrupting = callback(output, "InterruptsAtOnce")
    assert train(output, 1, *interrupting) == 0
    assert "stopped before the first iteration; nothing was written" in capfd.readouterr().err
    assert train(output, 1) == 0
    before = output.read_bytes()
    assert train(output, 2, "--resume", *interrupting) == 0
    assert output.read_bytes() == before


def test_a_finished_training_is_not_stopped_early(
    output: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert train(output, 2, *callback(output, "InterruptsAtTheEnd")) == 0
    assert "trained after 2 iterations" in capfd.readouterr().err


def test_what_is_trained_for_long_enough_is_left_alone(
    output: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert train(output, 2) == 0
    before = output.read_bytes(), pool_of(output)
    assert train(output, 2, "--resume", "--damage-every", "1", "--no-check") == 0
    told = "already trained for 2 iterations; give more --iterations to go on"
    assert told in capfd.readouterr().err
    assert output.read_bytes() == before[0]
    assert train(output, 2, "--resume", "--age", "5") == 0
    assert told in capfd.readouterr().err
    assert output.read_bytes() == before[0]
    changed = (pool_of(output) != before[1]).flatten(1).any(dim=1)
    assert changed.tolist() == [True, False, False, False]


def test_a_check_that_is_missing_is_made_up_for(output: Path) -> None:
    assert train(output, 2, "--no-check") == 0
    assert load_automaton(output).verdict is None
    assert train(output, 2, "--resume") == 0
    assert load_automaton(output).verdict is not None


@pytest.mark.parametrize("option", ["--force", "--no-check"])
def test_a_damaged_automaton_is_written_anew(output: Path, option: str) -> None:
    assert train(output, 2) == 0
    output.write_bytes(b"damaged")
    assert train(output, 2, "--resume", option) == 0
    assert (load_automaton(output).verdict is None) == (option == "--no-check")


def test_all_processes_hold_what_the_first_does_to_be_trained(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Second(Processes):
        """It is told that the first has found the automaton whole."""

        rank = 1

        def agree_on(self, measure: Callable[[], float]) -> float:
            return 1.0 if measure() is False else measure()

    assert train(output, 2) == 0
    output.unlink()
    monkeypatch.setattr("training.command.join_processes", lambda device: Second())
    assert train(output, 2, "--resume", *callback(output, "FailsAtOnce")) == 0
