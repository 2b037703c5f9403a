"""`lichen render`: what is written, and a sentence for what does not fit."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from exporters.automaton_file import save_automaton
from support import random_automaton
from viewer.command import main


@pytest.fixture
def moss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An automaton in the current folder, which is empty otherwise."""
    monkeypatch.chdir(tmp_path)
    save_automaton(random_automaton(4, 3), tmp_path / "moss.safetensors")
    return "moss.safetensors"


def test_stills_and_loops_are_written(moss: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--grid", "24x16", "--warm-up", "0", "--seed", "5", "--scale", "2"]
    assert main(["render", moss, "-o", "moss.png", *options]) == 0
    assert main(["render", moss, "-o", "moss.gif", *options, "--frames", "4", "--fps", "10"]) == 0
    assert capsys.readouterr().out == "wrote moss.png\nwrote moss.gif\n"
    with Image.open("moss.png") as still, Image.open("moss.gif") as video:
        assert still.size == video.size == (48, 32)


@pytest.mark.parametrize(
    "options",
    [
        "",
        "-o moss.txt",
        "-o gone/moss.png",
        "-o moss.png --frames 10",
        "-o moss.png --fps 10",
        "-o moss.png --steps-per-frame 3",
        "-o moss.png --warm-up many",
        "-o moss.png --grid 0x9",
        "-o moss.png --scale 0",
        "-o moss.gif --frames 1",
        "-o moss.mp4 --scale 1 --grid 33x33",
        "-o taken.png",
    ],
)
def test_what_does_not_fit_is_one_sentence(
    options: str, moss: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken.png").write_bytes(b"somebody's own")
    before = sorted(tmp_path.iterdir())
    assert main(["render", moss, *options.split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("lichen: ")
    assert captured.err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before
    assert Path("taken.png").read_bytes() == b"somebody's own"


def test_force_replaces(moss: str) -> None:
    Path("moss.png").write_bytes(b"older")
    assert main(["render", moss, "-o", "moss.png", "--grid", "16x16", "--warm-up", "1"]) == 2
    command = ["render", moss, "-o", "moss.png", "--grid", "16x16", "--warm-up", "1", "--force"]
    assert main(command) == 0
    with Image.open("moss.png") as still:
        assert still.size == (16, 16)


def test_ctrl_c_leaves_nothing_half_written(moss: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "viewer", "render", moss, "-o", "moss.mp4"]
    with subprocess.Popen(
        [*command, "--grid", "32x32", "--warm-up", "1", "--frames", "2000"],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not list(tmp_path.glob(".moss*.mp4")) and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["moss.safetensors"]
