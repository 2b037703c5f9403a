"""`lichen stylize`, `lichen invert` and `lichen visualise`, on small pictures with Lichen's eye."""

import os
import signal
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from exporters.picture_file import load_picture
from training.networks import choose
from viewer.command import EXIT_USER_MISTAKE, main

EYE = ["--network", "eye"]
SHORT = ["--iterations", "4", "--size", "48"]


@pytest.fixture()
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Holds a content (wide), a style, and a flat picture; it is the current folder."""
    generator = np.random.default_rng(0)
    for name, (height, width) in {"content": (40, 60), "style": (50, 50)}.items():
        blocks = generator.integers(0, 255, (height // 5, width // 5, 3), np.uint8)
        Image.fromarray(blocks.repeat(5, 0).repeat(5, 1)).save(tmp_path / f"{name}.png")
    Image.new("RGB", (50, 50), "red").save(tmp_path / "flat.png")
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_stylize_leaves_a_picture_a_movie_and_pictures_of_its_progress(folder: Path) -> None:
    words = ["stylize", "content.png", "style.png", *EYE, *SHORT, "-o", "out.png"]
    words += ["--log-images", "log", "--movie", "process.mp4", "--every", "2"]
    assert main(words) == 0
    painted = load_picture("out.png")
    assert painted.shape == (32, 48, 3)
    assert sorted(path.name for path in (folder / "log").iterdir()) == [
        "0000000.png",
        "0000002.png",
        "0000004.png",
    ]
    assert np.array_equal(load_picture("log/0000004.png"), painted)
    assert not np.array_equal(load_picture("log/0000000.png"), painted)
    with av.open("process.mp4") as film:
        assert sum(1 for _ in film.decode(video=0)) == 3 + 20


def test_a_seed_repeats_a_picture_and_start_and_bounds_matter(folder: Path) -> None:
    words = ["stylize", "content.png", "style.png", *EYE, *SHORT, "--loss", "gram+patch"]
    for name, start in {"a": "noise", "b": "noise", "c": "style", "d": "a.png"}.items():
        assert main([*words, "--start", start, "-o", f"{name}.png"]) == 0
    assert main([*words, "--start", "noise", "--bounds", "clamp", "-o", "e.png"]) == 0
    pictures = {name: load_picture(f"{name}.png") for name in "abcde"}
    assert np.array_equal(pictures["a"], pictures["b"])
    for other in "cde":
        assert not np.array_equal(pictures["a"], pictures[other])


def test_the_check_finds_the_picture_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["stylize", "content.png", "--check", "--size", "48", "--iterations", "150"]
    assert main([*words, "-o", "out.png"]) == 0
    content = Image.open("content.png").resize((48, 32), Image.Resampling.LANCZOS)
    difference = np.abs(load_picture("out.png").astype(int) - np.asarray(content, int))
    assert difference.mean() < 4
    assert "its pixels differ from content.png by" in capsys.readouterr().err


def test_without_pretrained_weights_the_eye_looks_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(choose, "find_vgg16", lambda: None)
    assert main(["invert", "content.png", *SHORT, "-o", "out.png"]) == 0
    told = capsys.readouterr().err
    assert "VGG16 is not on this machine, so Lichen's own eye looks" in told
    assert "features of Lichen's own eye" in told
    assert load_picture("out.png").shape == (32, 48, 3)


def test_filters_stand_side_by_side(folder: Path) -> None:
    words = ["visualise", "stride4", "3", "11", *EYE, "--size", "40", "--iterations", "4"]
    assert main([*words, "-o", "out.png"]) == 0
    assert load_picture("out.png").shape == (40, 80, 3)


def test_ctrl_c_keeps_the_picture_so_far(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        while not (folder / "log" / "0000003.png").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    words = ["stylize", "content.png", "style.png", *EYE, "--size", "48", "--every", "1"]
    words += ["--iterations", "100000", "--log-images", "log", "--movie", "film.gif"]
    assert main([*words, "-o", "out.png"]) == 0
    assert "stopped early" in capsys.readouterr().err
    newest = max(path.name for path in (folder / "log").iterdir() if path.name[0] != ".")
    assert np.array_equal(load_picture("out.png"), load_picture(folder / "log" / newest))
    assert (folder / "film.gif").exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("stylize content.png", "name a second picture"),
        ("stylize content.png style.png --check", "leave out the style"),
        ("stylize content.png --check --start style", "--start noise"),
        ("stylize content.png flat.png", "one flat colour"),
        ("stylize dot.png style.png --size 20", "size must be 32 to"),
        ("stylize absent.png style.png", "cannot read the picture absent.png"),
        ("stylize content.png style.png --start absent.png", "cannot read the picture absent"),
        ("stylize content.png style.png --loss fame", "there is no loss 'fame'"),
        ("stylize content.png style.png --content-layers no", "there is no layer no"),
        ("stylize content.png style.png --content-weight -1", "weight of the content"),
        ("stylize content.png style.png --total-variation nan", "weight of total variation"),
        ("stylize content.png style.png --movie film.txt", "a video ends in"),
        ("stylize content.png style.png --iterations 0", "takes 1 to 1,000,000 iterations"),
        ("stylize content.png style.png --learning-rate 0", "learning rate must be above 0"),
        ("stylize content.png style.png --every 0", "at least 1 iteration"),
        ("stylize content.png style.png --seed -1", "outside 0 to 2^32"),
        ("stylize content.png style.png --log-images style.png", "cannot make the folder"),
        ("stylize content.png style.png --device abacus", "abacus cannot be used here"),
        ("invert content.png --layers stride4,", "a layer has no name"),
        ("invert content.png --layers stride9", "there is no layer stride9"),
        ("visualise stride4 64", "stride4 has the filters 0 to 63, not 64"),
        ("visualise stride9 0", "there is no layer stride9"),
    ],
)
def test_mistakes_are_one_sentence_and_leave_nothing(
    words: str, complaint: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [*words.split(), *EYE, "-o", "out.png"]
    if "iterations" not in words:
        command += ["--iterations", "2"]
    assert main(command) == EXIT_USER_MISTAKE
    told = capsys.readouterr().err
    sentence = told.splitlines()[-1]
    assert sentence.startswith("lichen: ")
    assert complaint in sentence
    assert not (folder / "out.png").exists()


def test_an_older_picture_is_not_replaced_unasked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["invert", "content.png", *EYE, *SHORT, "-o", "style.png"]
    before = (folder / "style.png").read_bytes()
    assert main(words) == EXIT_USER_MISTAKE
    assert "--force" in capsys.readouterr().err
    assert (folder / "style.png").read_bytes() == before
    assert main(["invert", "content.png", *EYE, *SHORT, "-o", "out.jpg"]) == EXIT_USER_MISTAKE
    assert "must end in .png" in capsys.readouterr().err
