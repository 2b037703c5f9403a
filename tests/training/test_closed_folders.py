"""Folders that may not be looked into, or written to, cost one sentence and no traceback."""

import builtins
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer.command import main

TINY = "--loss patch --channels 4 --hidden 4 --grid 16 --batch 1 --pool 4 --steps 2:4".split()

Close = Callable[[Path], None]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture in a folder of its own."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.fromarray(pixels).save(folder / "noise.png")
    return folder / "noise.png"


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Close:
    """The system refuses a folder from here on, to the administrator too, whom no mode binds."""

    def close_folder(folder: Path) -> None:
        monkeypatch.setattr(os, "stat", refusing(os.stat, folder, itself=False))
        for module, name in ((os, "listdir"), (os, "scandir"), (os, "open"), (builtins, "open")):
            monkeypatch.setattr(module, name, refusing(getattr(module, name), folder))

    return close_folder


def refusing(function: Callable[..., Any], folder: Path, itself: bool = True) -> Callable[..., Any]:
    """A function of the system, but for what lies in the folder, and for the folder `itself`."""

    def guarded(path: Any = ".", *others: Any, **options: Any) -> Any:
        place = Path(path) if isinstance(path, str | os.PathLike) else Path()
        if folder in place.parents or (itself and place == folder):
            raise PermissionError(13, "Permission denied", str(path))
        return function(path, *others, **options)

    return guarded


def refusal(capsys: pytest.CaptureFixture[str], source: Path, output: Path, *options: str) -> str:
    """The one sentence that a training is refused with."""
    assert main(["train", str(source), "-o", str(output), *TINY, *options]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_a_folder_that_may_not_be_listed(
    picture: Path, tmp_path: Path, close: Close, capsys: pytest.CaptureFixture[str]
) -> None:
    close(picture.parent)
    told = f"cannot read the folder {picture.parent}: Permission denied."
    assert told in refusal(capsys, picture.parent, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_picture_in_a_folder_that_may_not_be_looked_into(
    picture: Path, tmp_path: Path, close: Close, capsys: pytest.CaptureFixture[str]
) -> None:
    close(picture.parent)
    output = tmp_path / "noise.safetensors"
    told = f"cannot read the picture {picture}: Permission denied."
    assert told in refusal(capsys, picture, output)
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


@pytest.mark.parametrize("of_a_folder", [True, False])
def test_contents_that_may_not_be_listed(
    picture: Path,
    tmp_path: Path,
    close: Close,
    capsys: pytest.CaptureFixture[str],
    of_a_folder: bool,
) -> None:
    contents = tmp_path / "contents"
    contents.mkdir()
    close(contents)
    source, output = picture, tmp_path / "noise.safetensors"
    if of_a_folder:
        source, output = picture.parent, tmp_path / "out"
    told = f"cannot read the folder {contents}: Permission denied."
    assert told in refusal(capsys, source, output, "--content", str(contents))


@pytest.mark.parametrize("of_a_folder", [True, False])
def test_outputs_into_a_folder_that_takes_no_files(
    picture: Path,
    tmp_path: Path,
    close: Close,
    capsys: pytest.CaptureFixture[str],
    of_a_folder: bool,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    close(out)
    source, output = picture, out / "noise.safetensors"
    if of_a_folder:
        source, output = picture.parent, out
    assert f"cannot write {out}" in refusal(capsys, source, output)


def test_weights_in_a_folder_that_may_not_be_looked_into(
    picture: Path, tmp_path: Path, close: Close, capsys: pytest.CaptureFixture[str]
) -> None:
    close(tmp_path / "weights")
    weights = tmp_path / "weights" / "vgg16.pth"
    options = ["--loss", "ot", "--network", "vgg16", "--weights", str(weights)]
    told = refusal(capsys, picture, tmp_path / "noise.safetensors", *options)
    assert f"there is no weights file {weights}" in told


@pytest.mark.parametrize("option", ["--report", "--log-images", "--callback"])
def test_what_watches_a_training_in_a_folder_that_takes_no_files(
    picture: Path, tmp_path: Path, close: Close, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    close(out)
    place = {"--report": out / "a.html", "--log-images": out, "--callback": out / "a.py:A"}[option]
    told = refusal(capsys, picture, tmp_path / "noise.safetensors", option, str(place))
    assert str(out) in told
