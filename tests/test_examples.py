"""The examples do what they say."""

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from exporters.gallery import shipped_entries
from exporters.picture_file import load_picture
from training.dream.dreaming import Dreaming, to_picture
from training.dream.journey_file import load_journey
from training.dream.patch_dreamer import PatchDreamer
from viewer.command import main

EXAMPLES = Path(__file__).parent.parent / "examples"


def run_example(name: str, *arguments: str) -> str:
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_run_in_numpy(tmp_path: Path) -> None:
    output = tmp_path / "grown.png"
    name = shipped_entries()[0].name
    assert name in run_example("run_in_numpy.py", name, str(output), "20")
    assert load_picture(output).std() > 5


def test_print_shader() -> None:
    source = run_example("print_shader.py")
    assert source.startswith("#version 330 core")
    assert source.count("mat4(") >= 10


def test_loss_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exemplar = shipped_entries()[0].exemplar_path
    tiny = "--loss patch --hidden 8 --grid 16 --batch 1 --pool 2 --steps 2:2 --no-check".split()
    options = ["--iterations", "3", "--callback", f"{EXAMPLES / 'loss_table.py'}:LossTable"]
    assert main(["train", str(exemplar), "-o", "mine.safetensors", *tiny, *options]) == 0
    header, *rows = csv.reader(Path("loss_table.csv").read_text().splitlines())
    assert header == ["iteration", "loss", "largest value"]
    assert [int(row[0]) for row in rows] == [1, 2, 3]
    assert len({row[1] for row in rows}) == 3
    assert float(rows[-1][2]) > 0


@pytest.mark.parametrize(
    ("name", "rises"), [("giro_d_italia.toml", True), ("seven_textures.toml", False)]
)
def test_journeys_have_seven_stages_and_come_home(name: str, rises: bool) -> None:
    journey = load_journey(EXAMPLES / name)
    assert len({stage.prompt for stage in journey.stages}) == 7
    assert journey.loop == "portal"
    settings = [journey.frame(index) for index in range(journey.frame_count)]
    assert len({one.vanishing_point for one in settings}) > 20
    assert len({one.zoom for one in settings}) > 10
    assert (len({one.strength for one in settings}) > 1) == rises


def test_seven_textures_is_dreamt() -> None:
    """The gallery has all that it names, and every stage looks like what it names."""
    journey = load_journey(EXAMPLES / "seven_textures.toml")
    short = replace(journey, stages=tuple(replace(stage, frames=3) for stage in journey.stages))
    short = replace(short, fade_frames=0)
    pictures = {entry.name: load_picture(entry.thumbnail_path) for entry in shipped_entries()}
    start = pictures["start"] = pictures["koi"]
    references = {stage.prompt: to_picture(pictures[stage.prompt]) for stage in short.stages}
    frames = [*Dreaming(short, start, PatchDreamer(references)).frames(start, 1)]
    np.testing.assert_array_equal(frames[-1], start)
    for place, stage in enumerate(short.stages[1:-1], start=1):
        found, own = frames[3 * place + 1].mean((0, 1)), pictures[stage.prompt].mean((0, 1))
        assert np.linalg.norm(found - own) < np.linalg.norm(start.mean((0, 1)) - own)
