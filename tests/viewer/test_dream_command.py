"""`lichen dream` as a user meets it, on tiny frames."""

import json
import re
from pathlib import Path

import moderngl
import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import save_automaton
from support import random_automaton
from training.dream.journey_file import load_journey
from viewer.command import main
from viewer.commands.dream import frame_path


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
    ],
)
def test_mistakes_are_one_sentence(
    photo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    sentence: str,
) -> None:
    (tmp_path / "empty").mkdir()
    words = [word.replace("{folder}", str(tmp_path / "empty")) for word in options]
    assert dream(photo, tmp_path / "dream.gif", *words) == 2
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert re.search(sentence, complaint), complaint
    assert not (tmp_path / "dream.gif").exists()


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
