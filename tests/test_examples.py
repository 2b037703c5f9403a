"""The examples do what they say."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from exporters.gallery import shipped_entries
from exporters.picture_file import load_picture
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
