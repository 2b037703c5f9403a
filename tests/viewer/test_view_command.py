"""`lichen view`: every option that does not fit is answered with one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest
from PIL import Image

from exporters.automaton_file import save_automaton
from exporters.gallery import user_folder
from foreign_files import distill_json
from support import random_automaton
from viewer.command import main
from viewer.commands import view
from viewer.settings import Settings, save_settings


@pytest.fixture
def moss(tmp_path: Path) -> Path:
    path = tmp_path / "moss.safetensors"
    save_automaton(random_automaton(4, 3), path)
    return path


@pytest.mark.parametrize(
    "options",
    [
        "--grid 0x5",
        "--grid 100000x100000",
        "--grid 64",
        "--grid axb",
        "--grid=-1x5",
        "--seed one",
        "--seed=-1",
        "--steps-per-second 0",
        "--steps-per-second nan",
        "--steps-per-second 1e9",
        "--frames 10",
        "--steps-per-frame 2",
        "--erase 1,2,3@4",
        "--screenshot a.png",
        "--video a.mp4",
        "--headless --frames 0",
        "--headless --frames many",
        "--headless --steps-per-frame 0",
        "--headless --steps-per-second 30",
        "--headless --erase nonsense",
        "--headless --erase 1,2@3",
        "--headless --erase 1,2,0@3",
        "--headless --frames 5 --erase 1,2,3@5",
        "--headless --screenshot /no/such/folder/a.png",
        "--headless --video a.txt",
        "--no-such-option",
    ],
)
def test_what_does_not_fit_is_one_sentence(
    options: str, moss: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert main(["view", str(moss), *options.split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("lichen: ")
    assert captured.err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("headless", [[], ["--headless"]])
def test_an_automaton_that_is_not_there(
    headless: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["view", "no-such-automaton", *headless]) == 2
    assert "no-such-automaton" in capsys.readouterr().err


def test_a_damaged_automaton_opens_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    assert main(["view", str(wrong)]) == 2
    assert "not an automaton file" in capsys.readouterr().err


def test_another_programs_file_is_imported_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "models.json"
    path.write_text(json.dumps(distill_json(["a/dots", "a/opal"])[0]))
    assert main(["view", str(path), "--headless", "--frames", "1", "--grid", "8x8"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("dots, 8x8")
    assert "Imported 2 automata from models.json." in printed.err
    written = user_folder() / "models"
    assert sorted(path.stem for path in written.iterdir()) == ["dots", "opal"]


def test_another_programs_damaged_file_opens_no_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.json").write_text("{")
    assert main(["view", str(tmp_path / "wrong.json")]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("lichen: ") and "wrong.json" in printed and printed.count("\n") == 1


@pytest.mark.parametrize("last", ["gone.safetensors", "damaged.safetensors", "sound.safetensors"])
def test_the_last_automaton_comes_back_if_it_is_sound(
    last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "damaged.safetensors").write_bytes(b"nothing")
    save_automaton(random_automaton(4, 3), tmp_path / "sound.safetensors")
    save_settings(Settings(automaton=str(tmp_path / last)))
    opened: list[Path] = []
    monkeypatch.setattr(view, "_open_window", lambda _, seed, entry, __: opened.append(entry.path))
    assert main(["view"]) == 0
    assert opened[0].is_file() and (opened[0].name == last) == (last == "sound.safetensors")


def test_a_picture_to_train_on_goes_to_the_window_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(view, "_open_window", lambda _, seed, __, picture: opened.append(picture))
    assert main(["view", "--train", "bark.png"]) == 0
    assert opened == [Path("bark.png")]
    assert main(["view", "--train", "bark.png", "--headless"]) == 2
    assert "use 'lichen train'" in capsys.readouterr().err


def test_headless_writes_what_was_asked_for(
    moss: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, video = tmp_path / "grid.png", tmp_path / "life.mp4"
    options = "--headless --grid 32x24 --frames 6 --steps-per-frame 2 --seed 5 --erase 3,4,2.5@3"
    files = ["--screenshot", str(picture), "--video", str(video)]
    assert main(["view", str(moss), *options.split(), *files]) == 0
    printed = capsys.readouterr().out
    assert "12 steps" in printed and str(picture) in printed and str(video) in printed
    with Image.open(picture) as image:
        assert image.size == (32, 24)
    with av.open(video) as container:
        assert sum(1 for _ in container.decode(video=0)) == 6


@pytest.mark.parametrize("display", [None, ":987"])
def test_without_a_display_first_light_is_written(
    display: str | None, moss: Path, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    if display is not None:
        environment["DISPLAY"] = display
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    result = subprocess.run(
        [sys.executable, "-m", "viewer", "view", str(moss), "--grid", "24x16"],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("lichen: there is no display")
    written = [folder / "out" / "first-light.png", folder / "out" / "first-light.mp4"]
    assert sorted(folder.rglob("*.*")) == sorted(written)
    assert all(f"wrote {path.relative_to(folder)}" in result.stdout for path in written)
    with Image.open(written[0]) as image:
        assert image.size == (24, 16)
