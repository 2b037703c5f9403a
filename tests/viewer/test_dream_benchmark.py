"""`lichen bench --while-dreaming`, but for the window and the dream themselves."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from viewer.command import main
from viewer.commands import bench
from viewer.dream_benchmark import DreamFigures

FIGURES = DreamFigures(16.9, 31.5, 88.0, 57.1, 33.6, 55.2, 2.34, 41.0, 133.0)


def test_the_report_holds_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[Path] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(bench, "measure_dream", lambda path: measured.append(path) or FIGURES)
    report = tmp_path / "bench.json"
    assert main(["bench", "koi", "--while-dreaming", "--json", str(report)]) == 0
    assert [path.stem for path in measured] == ["koi"]
    assert json.loads(report.read_text()) == asdict(FIGURES)
    printed = capsys.readouterr().out
    shown = ("31.5 ms", "55.2 a second", "2.34 a second", "133 ms")
    assert all(figure in printed for figure in shown)


def test_without_a_display_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["bench", "--while-dreaming"]) == 2
    assert "xvfb-run" in capsys.readouterr().err
