"""`--resume` of the painting commands: to the very picture that nothing interrupted."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import av
import pytest
import torch
from filelock import FileLock
from painting_orders import blocks

from exporters.picture_file import load_picture
from viewer.command import EXIT_USER_MISTAKE, main

# Large enough that nobody is done before the interruption comes.
LONG = ["--iterations", "40", "--size", "48", "--network", "eye"]
STYLIZE = ["stylize", "content.png", "style.png"]
COMMANDS = {
    "stylize": [*STYLIZE, "--loss", "ot+patch", "--total-variation", "1"],
    "clamped": [*STYLIZE, "--bounds", "clamp", "--start", "noise"],
    "invert": ["invert", "content.png"],
    "visualise": ["visualise", "stride4", "3", "11"],
    "check": ["stylize", "content.png", "--check"],
}
# A command that keeps a checkpoint after every iteration.
KEEPER = """
import sys
from training.stylize import keeping
from viewer.command import main
keeping.KEEP_SECONDS = 0
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Holds a content and a style; it is the current folder."""
    blocks(1).save(tmp_path / "content.png")
    blocks(2).save(tmp_path / "style.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def interrupted(words: list[str], iteration: int = 3) -> int:
    """Run a command with a log of pictures, and press Ctrl-C at that iteration."""

    def interrupt() -> None:
        while not Path("log", f"{iteration:07d}.png").exists():
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    return main([*words, "--log-images", "log", "--every", "1"])


@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupted_run_goes_on_as_if_nothing_had_been(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*COMMANDS[name], *LONG]
    assert main([*words, "-o", "whole.png"]) == 0
    assert interrupted([*words, "-o", "out.png"]) == 0
    told = capsys.readouterr().err
    assert "and out.png.checkpoint.pt, with which --resume goes on" in told
    assert Path("out.png").read_bytes() != Path("whole.png").read_bytes()

    assert main([*words, "-o", "out.png", "--resume", "--movie", "rest.gif"]) == 0
    told = capsys.readouterr().err
    assert "resumed at iteration" in told and "painted after 40 iterations" in told
    assert Path("out.png").read_bytes() == Path("whole.png").read_bytes()
    assert not Path("out.png.checkpoint.pt").exists()
    assert not Path("whole.png.checkpoint.pt").exists()
    with av.open("rest.gif") as film:
        assert sum(1 for _ in film.decode(video=0)) <= 40 - 3 + 1 + 20


def test_a_killed_run_goes_on_from_its_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*STYLIZE, *LONG, "--loss", "patch", "-o", "out.png"]
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, *words], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while not Path("out.png.checkpoint.pt").exists():
        assert process.poll() is None
        time.sleep(0.005)
    with process:
        process.kill()
    assert main(words) == EXIT_USER_MISTAKE
    assert "out.png.checkpoint.pt is of a run that was interrupted" in capsys.readouterr().err
    assert main([*words, "--resume"]) == 0
    assert main([*words[:-1], "whole.png"]) == 0
    assert Path("out.png").read_bytes() == Path("whole.png").read_bytes()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            ["--loss", "gram"],
            "another painting: they differ in loss; use the same, or begin",
        ),
        (["--seed", "3", "--learning-rate", "0.2"], "differ in learning rate, random seed;"),
        (["--start", "style.png"], "differ in start;"),
        (["--network", "mobilenet_v2", "--weights", "no.pth"], "there is no weights file no.pth"),
    ],
)
def test_other_options_are_refused_and_nothing_is_lost(
    changes: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*STYLIZE, *LONG, "-o", "out.png"]
    assert interrupted(words) == 0
    kept = {path: path.read_bytes() for path in Path().glob("out.png*")}
    assert main([*words, "--resume", *changes]) == EXIT_USER_MISTAKE
    assert complaint in capsys.readouterr().err.splitlines()[-1]
    blocks(3).save("content.png")
    assert main([*words, "--resume"]) == EXIT_USER_MISTAKE
    assert "differ in content;" in capsys.readouterr().err.splitlines()[-1]
    assert {path: path.read_bytes() for path in Path().glob("out.png*")} == kept
    assert len(kept) == 2


def test_another_command_cannot_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert interrupted([*COMMANDS["invert"], *LONG, "-o", "out.png"]) == 0
    words = [*COMMANDS["check"], *LONG, "-o", "out.png", "--resume"]
    assert main(words) == EXIT_USER_MISTAKE
    assert "was left by another command" in capsys.readouterr().err.splitlines()[-1]


def test_an_older_film_is_not_replaced_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*COMMANDS["check"], *LONG, "-o", "out.png", "--movie", "film.gif"]
    assert interrupted(words) == 0
    film = Path("film.gif").read_bytes()
    assert main([*words, "--resume"]) == EXIT_USER_MISTAKE
    assert "film.gif exists; choose another name, or --force" in capsys.readouterr().err
    assert Path("film.gif").read_bytes() == film
    assert main([*words, "--resume", "--force"]) == 0


def test_without_a_checkpoint_there_is_nothing_to_resume(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [*COMMANDS["stylize"], *LONG, "-o", "out.png"]
    assert main([*words, "--resume"]) == EXIT_USER_MISTAKE
    (told,) = capsys.readouterr().err.splitlines()  # No network was opened for it.
    assert told.endswith("nothing to resume: no checkpoint out.png.checkpoint.pt.")
    assert not Path("out.png").exists()


def test_a_damaged_checkpoint_is_told_and_force_begins_anew(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [*COMMANDS["check"], *LONG, "-o", "out.png"]
    Path("out.png.checkpoint.pt").write_bytes(b"")
    assert main([*words, "--resume"]) == EXIT_USER_MISTAKE
    told = capsys.readouterr().err
    assert "out.png.checkpoint.pt is damaged; begin anew with --force instead of --resume" in told
    assert main([*words, "--force"]) == 0
    assert not Path("out.png.checkpoint.pt").exists()


def test_a_training_of_the_same_name_keeps_its_checkpoint() -> None:
    training = Path("out.checkpoint.pt")
    torch.save({"plan": {}, "trainer": {}}, training)
    assert main([*COMMANDS["check"], "--iterations", "2", "--size", "48", "-o", "out.png"]) == 0
    assert training.exists()


def test_a_loss_that_is_no_number_keeps_the_picture_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    losses: list[torch.Tensor] = []
    honest = torch.nn.functional.mse_loss

    def dishonest(pictures: torch.Tensor, aim: torch.Tensor) -> torch.Tensor:
        losses.append(honest(pictures, aim))
        return losses[-1] * (1.0 if len(losses) < 4 else torch.nan)

    monkeypatch.setattr(torch.nn.functional, "mse_loss", dishonest)
    Path("out.png.checkpoint.pt").write_bytes(b"of an older run")
    words = [*COMMANDS["check"], *LONG, "-o", "out.png", "--force"]
    assert main([*words, "--log-images", "log", "--every", "1"]) == EXIT_USER_MISTAKE
    assert not Path("out.png.checkpoint.pt").exists()
    assert "the loss is no number any more" in capsys.readouterr().err
    newest = load_picture("log/0000003.png")
    assert (load_picture("out.png") == newest).all()
    assert not Path("log/0000004.png").exists()


def test_two_commands_never_paint_the_same_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*COMMANDS["check"], "--size", "48", "--iterations", "1", "-o", "out.png"]
    with FileLock("out.png.lock"):
        assert main(words) == EXIT_USER_MISTAKE
    assert "another command is still painting out.png; stop it" in capsys.readouterr().err
    assert not Path("out.png").exists()
    assert main(words) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["content.png", "out.png", "style.png"]
