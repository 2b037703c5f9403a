"""What `lichen train` refuses before it has begun, so that no file is lost to a slip."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.gallery import preview_path
from training.run_files import checkpoint_path
from viewer.command import main

TINY = "--no-check --loss patch --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4".split()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds photo.png, and log/ with a picture that is named as by a training."""
    monkeypatch.chdir(tmp_path)
    pixels = (np.indices((48, 40)).sum(0) // 4 % 2 * 255).astype(np.uint8)
    Path("log").mkdir()
    for path in ("photo.png", "log/0000050.png"):
        Image.fromarray(pixels).convert("RGB").save(path)


def contents() -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def refuse(image: str, output: str, *options: str) -> None:
    """Whatever is said, nothing may be written."""
    before = contents()
    assert main(["train", image, "-o", output, *TINY, "--iterations", "1", *options]) == 2
    assert contents() == before


@pytest.mark.parametrize("more", [["--force"], ["--resume"], []])
@pytest.mark.parametrize(
    ("image", "options", "read"),
    [
        ("photo.png", ["--report", "./photo.png"], "photo.png"),
        ("photo.png", ["--content", "log", "--report", "log/0000050.png"], "log/0000050.png"),
        ("log/0000050.png", ["--log-images", "log"], "log/0000050.png"),
        ("photo.png", ["--content", "log", "--log-images", "log"], "log/0000050.png"),
        ("photo.png", ["--callback", "log/own.py:X", "--report", "log/own.py"], "log/own.py"),
    ],
)
def test_nothing_that_is_read_is_written_over(
    image: str, options: list[str], read: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(image, "mine.safetensors", *options, *more)
    assert f"would overwrite {read}, which it learns from" in capsys.readouterr().err


def test_a_linked_log_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    Path("linked").symlink_to("log")
    refuse("log/0000050.png", "mine.safetensors", "--log-images", "linked", "--force")
    assert "would overwrite log/0000050.png" in capsys.readouterr().err


@pytest.mark.parametrize("path_of", [Path, checkpoint_path, preview_path])
@pytest.mark.parametrize("exists", [False, True])
def test_no_report_takes_the_place_of_another_file(
    path_of: type[Path], exists: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    report = path_of(Path("mine.safetensors"))
    if exists:
        report.write_text("precious")
    refuse("photo.png", "mine.safetensors", "--report", f"log/../{report}", "--force")
    assert "would write log/../" in (told := capsys.readouterr().err) and "twice" in told


@pytest.mark.parametrize(
    ("image", "output", "options", "word"),
    [
        ("🦎", "mine.safetensors", [], "add --grow to grow it"),
        ("写真", "mine.safetensors", [], "写真"),
        ("photo.png", ".safetensors", [], "has no name"),
        ("photo.png", "", [], "an empty name is no file"),
        ("", "mine.safetensors", [], "an empty name is no file"),
        ("photo.png", "mine.safetensors", ["--content", ""], "an empty name is no file"),
        ("photo.png", "mine.safetensors", ["--from", "moss", "--resume"], "leave one of them out"),
        ("photo.png", "mine.safetensors", ["--preview-every", "nan"], "0 seconds or more, not nan"),
        ("photo.png", "mine.safetensors", ["--preview-every", "-1"], "0 seconds or more, not -1"),
    ],
)
def test_a_slip_is_told_in_one_sentence(
    image: str, output: str, options: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(image, output, *options)
    told = capsys.readouterr().err
    assert word in told and ("--grow" in told) == (image == "🦎")
    assert told.count("\n") == 1
