"""`lichen bench --while-training`, but for the window and the training themselves."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.protocol import Advanced
from viewer.command import main
from viewer.commands import bench
from viewer.training_benchmark import TrainingFigures, measure_alone, rate

FIGURES = TrainingFigures(29.5, 45.0, 191.0, 32.9, 54.2, 22, 1.62, 3.54)


def test_the_report_holds_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[Path] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(bench, "measure_training", lambda path: measured.append(path) or FIGURES)
    report = tmp_path / "bench.json"
    assert main(["bench", "--while-training", "--json", str(report)]) == 0
    assert measured[0].is_file()
    assert json.loads(report.read_text()) == asdict(FIGURES)
    printed = capsys.readouterr().out
    assert all(figure in printed for figure in ("45.0 ms", "54.2 a second", "3.54 a second"))


def test_without_a_display_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["bench", "--while-training"]) == 2
    assert "xvfb-run" in capsys.readouterr().err


def test_the_rate_counts_by_the_workers_clock() -> None:
    def advanced(iteration: int, seconds: float) -> Advanced:
        return Advanced(iteration, 0.5, 0.1, seconds, 9.0, 99.0)

    assert rate(advanced(10, 4.0), advanced(25, 9.0)) == 3.0
    assert rate(None, advanced(25, 9.0)) == rate(advanced(1, 2.0), advanced(1, 2.0)) == 0


@pytest.mark.usefixtures("fake_worker")
def test_a_worker_that_ends_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="the worker ended"):
        measure_alone(tmp_path / "moss.png", 0.1)
