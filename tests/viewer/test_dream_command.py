"""`lichen dream` as a user meets it, on tiny frames."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import moderngl
import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import save_automaton
from support import random_automaton
from training.claim import is_held
from training.dream.dream_files import frame_path, lock_path
from training.dream.journey_file import load_journey
from training.dream.order_file import load_order
from viewer.command import main


@pytest.fixture(autouse=True)
def _with_opengl(context: moderngl.Context) -> None:
    """Automata among the prompts are grown by OpenGL."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 64, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def dream(photo: Path, output: Path, *options: str) -> int:
    size = () if "--size" in options else ("--size", "48x32")
    return main(["dream", "--source", str(photo), "-o", str(output), *size, *options])


def test_writes_a_loop_and_what_makes_it_again(photo: Path, tmp_path: Path) -> None:
    output = tmp_path / "dream.gif"
    assert dream(photo, output, "--frames", "5", "--prompt", "start", "--prompt", str(photo)) == 0
    with Image.open(output) as film:
        assert film.n_frames == 5
    facts = json.loads((tmp_path / "dream.gif.json").read_text())
    assert facts["stages"] == [["start", 2], [str(photo), 3]] and facts["loop"] == "portal"
    assert not list(tmp_path.glob("*.frames"))


def test_a_folder_takes_pictures(photo: Path, tmp_path: Path) -> None:
    output = tmp_path / "frames"
    assert dream(photo, output, "--frames", "3") == 0
    assert [path.name for path in sorted(output.glob("*.png"))] == [
        frame_path(output, index).name for index in range(3)
    ]
    with Image.open(frame_path(output, 2)) as frame:
        assert frame.size == (48, 32)


def test_goes_on_where_it_stopped(photo: Path, tmp_path: Path) -> None:
    whole, other = tmp_path / "whole", tmp_path / "other"
    assert dream(photo, whole, "--frames", "6") == 0
    assert dream(photo, other, "--frames", "6") == 0
    for index in (3, 4, 5):
        frame_path(other, index).unlink()
    assert dream(photo, other, "--frames", "6", "--resume", "--force") == 0
    for index in range(6):
        assert frame_path(whole, index).read_bytes() == frame_path(other, index).read_bytes()


def test_another_dream_is_not_gone_on_with(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dream(photo, tmp_path / "one", "--frames", "3") == 0
    assert dream(photo, tmp_path / "one", "--frames", "4", "--resume", "--force") == 2
    assert "no frames of this same dream" in capsys.readouterr().err
    assert frame_path(tmp_path / "one", 2).exists()


def test_options_that_no_backend_heeds_make_no_other_dream(photo: Path, tmp_path: Path) -> None:
    way, output = tmp_path / "way.toml", tmp_path / "frames"
    way.write_text("stages = [['start', 3]]\n[diffusers]\nsteps = 7\n[own]\nsteps = 7\n")
    assert dream(photo, output, "--journey", str(way)) == 0
    last = frame_path(output, 2)
    made = last.read_bytes()
    last.unlink()
    assert dream(photo, output, "--journey", str(way), "--resume") == 0
    assert last.read_bytes() == made


def test_a_journey_from_a_file_and_automata_as_prompts(photo: Path, tmp_path: Path) -> None:
    save_automaton(random_automaton(4, 8), tmp_path / "moss.safetensors")
    moss = str(tmp_path / "moss.safetensors")
    (tmp_path / "way.toml").write_text(f'zoom = 1.1\nstages = [["start", 2], ["{moss}", 2]]\n')
    output = tmp_path / "dream.gif"
    assert dream(photo, output, "--journey", str(tmp_path / "way.toml"), "--seed", "4") == 0
    facts = json.loads((tmp_path / "dream.gif.json").read_text())
    assert facts["random_seed"] == 4 and facts["zoom"] == "1.1"
    assert load_journey(tmp_path / "way.toml").frame_count == 4


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--prompt", "a sunny road"], "knows no picture called 'a sunny road'.*koi"),
        (["--size", "8x8"], "32 to 2048 pixels"),
        (["--frames", "0"], "above 0"),
        (["--frames", "1000000000"], "100,000"),
        (["--journey", "nowhere.toml"], "cannot read nowhere.toml"),
        (["--journey", "a.toml", "--prompt", "koi"], "its own prompts"),
        (["--prompt", "{folder}"], "holds no pictures"),
        (["--source", "nosuch"], "no picture or automaton 'nosuch'"),
        (["--source", "{dot}"], "is 1x1 pixels"),
        (["--prompt", "雪" * 10_000], "10,000 characters; 2,000 are the most"),
        (["--prompt", "зима \u202e ☃"], "knows no picture called"),
        (["--prompt", "x" * 1_999], "knows no picture called"),
        (["--zoom", "0"], "zoom of frame 0 is 0"),
        (["--zoom", "-1"], "zoom of frame 0 is -1"),
        (["--zoom", "10"], "zoom of frame 0 is 10"),
        (["--zoom", "0: (1.02), 5: 1.02+"], "is no formula"),
        (["--strength", "0: (0.4"], "leaves a bracket open"),
        (["--vanishing-point", "middle"], "is no point"),
        (["--vanishing-point", "0.5,7"], "vanishing y of frame 0 is 7"),
        (["--touch", "nosuch:3"], "no automaton or file called nosuch"),
        (["--touch", "koi:0"], "1 to 1000 steps a frame"),
        (["--model", "some/model"], "--model is for a diffusion model"),
        (["--backend", "own", "--scheduler", "euler"], "--backend diffusers"),
        (["--backend", "diffusers"], "name what to dream of"),
        (["--backend", "diffusers", "--prompt", "a", "--model", "/no/such"], "/no/such"),
        (["--backend", "diffusers", "--prompt", "a", "--model", "{folder}"], "{folder}"),
        (["--backend", "own", "--model", "/no/such"], "/no/such"),
        (["--contact-sheet"], "takes a diffusion model"),
    ],
)
def test_mistakes_are_one_sentence(
    photo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    sentence: str,
) -> None:
    empty, dot = tmp_path / "empty", tmp_path / "dot.png"
    empty.mkdir()
    Image.new("RGB", (1, 1)).save(dot)
    words = [word.replace("{folder}", str(empty)).replace("{dot}", str(dot)) for word in options]
    assert dream(photo, tmp_path / "dream.gif", *words) == 2
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert re.search(sentence.replace("{folder}", str(empty)), complaint), complaint
    assert sorted(tmp_path.iterdir()) == sorted([photo, empty, dot])


@pytest.mark.parametrize("name", ["again.mp4", "again.webm", "again.gif", "again"])
def test_what_lies_beside_an_output_makes_it_again(photo: Path, tmp_path: Path, name: str) -> None:
    output = tmp_path / name.replace("again", "first")
    options = ["--prompt", "start", "--prompt", str(photo), "--touch", "koi:2", "--seed", "5"]
    assert dream(photo, output, "--frames", "4", "--zoom", "1.1", *options) == 0
    again = tmp_path / name
    journey = str(output.with_name(f"{output.name}.json"))
    assert main(["dream", "--journey", journey, "-o", str(again)]) == 0
    if output.suffix:
        assert again.read_bytes() == output.read_bytes()
    else:
        assert [path.name for path in sorted(again.iterdir())] == [
            "dream.json",
            *(frame_path(again, index).name for index in range(4)),
        ]
        for index in range(4):
            assert frame_path(again, index).read_bytes() == frame_path(output, index).read_bytes()
    assert again.with_name(f"{again.name}.json").read_text() == Path(journey).read_text()


def test_what_lies_beside_an_output_means_the_same_in_any_folder(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert dream(Path(photo.name), Path("first.gif"), "--frames", "2", "--prompt", photo.name) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["dream", "--journey", "../first.gif.json", "-o", "again.gif"]) == 0
    assert Path("again.gif").read_bytes() == Path("../first.gif").read_bytes()


def test_options_come_before_what_a_journey_file_says(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "way.toml").write_text(
        f"stages = [['start', 2]]\nsource = {str(photo)!r}\nsize_pixels = [64, 64]\nzoom = 1.3\n"
    )
    words = ["dream", "--journey", str(tmp_path / "way.toml"), "--zoom", "1.2"]
    words += ["--vanishing-point", "0.4,0.6", "--loop", "none", "--negative-prompt", "fog"]
    assert main([*words, "-o", str(tmp_path / "frames")]) == 0
    order = load_order(tmp_path / "frames")
    journey = order.journey
    assert (order.source, order.size_pixels) == (str(photo), (64, 64))
    assert (journey.zoom, journey.vanishing_x, journey.vanishing_y) == ("1.2", "0.4", "0.6")
    assert (journey.loop, journey.negative_prompt) == ("none", "fog")


def test_ctrl_c_keeps_the_frames_and_says_how_to_go_on(photo: Path, tmp_path: Path) -> None:
    output = tmp_path / "dream.gif"
    words = ["--source", str(photo), "--frames", "3000", "--size", "48x32", "-o", str(output)]
    process = subprocess.Popen(
        [sys.executable, "-m", "viewer", "dream", *words], stderr=subprocess.PIPE, text=True
    )
    folder = tmp_path / "dream.gif.frames"
    while not frame_path(folder, 3).exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert re.search(r"\d+ of 3000 frames lie in .*dream.gif.frames; .* --resume goes on", told)
    assert not is_held(lock_path(folder)) and not output.exists()


def kept_frames(output: Path, order_of: Path) -> Path:
    """The frames of a dream that was cut off, as they would lie beside an output."""
    folder = output.with_name(f"{output.name}.frames")
    shutil.copytree(order_of, folder)
    frame_path(folder, 3).unlink()
    return folder


def test_frames_survive_a_resume_that_fails_before_it_dreams(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dream(photo, tmp_path / "whole", "--frames", "4", "--prompt", str(photo)) == 0
    output = tmp_path / "dream.gif"
    folder = kept_frames(output, tmp_path / "whole")
    other = photo.rename(tmp_path / "elsewhere.png")
    assert dream(photo, output, "--frames", "4", "--prompt", str(photo), "--resume") == 2
    assert "3 of 4 frames lie in" in capsys.readouterr().err
    assert frame_path(folder, 2).exists()
    other.rename(photo)
    assert dream(photo, output, "--frames", "4", "--prompt", str(photo), "--resume") == 0


def test_frames_are_not_started_over_unasked(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dream(photo, tmp_path / "whole", "--frames", "4") == 0
    output = tmp_path / "dream.gif"
    folder = kept_frames(output, tmp_path / "whole")
    assert dream(photo, output, "--frames", "5") == 2
    assert "--resume goes on" in capsys.readouterr().err and frame_path(folder, 2).exists()
    assert dream(photo, output, "--frames", "5", "--force") == 0


def test_a_full_disk_is_one_sentence_and_can_be_gone_on_from(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker may write no file that is larger than the picture it starts from."""
    output = tmp_path / "dream.gif"
    monkeypatch.setattr("viewer.dream_client.WORKER_MODULE", "worker_on_a_full_disk")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.getcwd()]))
    assert dream(photo, output, "--frames", "6") == 2
    *_, hint, complaint = capsys.readouterr().err.splitlines()
    assert "3 of 6 frames lie in" in hint and "--resume" in hint
    assert "cannot write" in complaint and "frame_000003.png" in complaint
    monkeypatch.undo()
    assert dream(photo, output, "--frames", "6", "--resume") == 0
    with Image.open(output) as film:
        assert film.n_frames == 6


@pytest.mark.parametrize("name", ["dream.gif", "folder"])
def test_nothing_of_the_users_is_replaced(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    output = tmp_path / name
    if name == "folder":
        output.mkdir()
        (output / "mine.txt").write_text("mine")
    else:
        output.write_text("mine")
    assert dream(photo, output, "--frames", "2") == 2
    assert "exists" in capsys.readouterr().err
    if name == "folder":
        assert dream(photo, output, "--frames", "2", "--force") == 2
        assert (output / "mine.txt").read_text() == "mine"
