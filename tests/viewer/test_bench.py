"""`lichen bench`, on a grid too small to mean anything."""

import json
from pathlib import Path

import moderngl
import pytest

from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from support import random_automaton
from viewer import step_benchmark
from viewer.command import main
from viewer.step_benchmark import Slices, StepFigures, measure_steps, open_torch

SHORT = Slices(count=2, seconds=0.02)


@pytest.fixture
def entry(tmp_path: Path) -> GalleryEntry:
    path = tmp_path / "moss.safetensors"
    save_automaton(random_automaton(4, 8), path)
    return GalleryEntry(path)


def test_the_report_holds_every_figure(
    entry: GalleryEntry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_path = tmp_path / "bench.json"
    command = ["bench", str(entry.path), "--grid", "16", "24", "--slices", "1", "--seconds", "0.02"]
    assert main([*command, "--json", str(report_path)]) == 0
    report = json.loads(report_path.read_text())
    assert report["machine"]["renderer"] and report["machine"]["processors"] >= 1
    assert report["machine"]["software_renderer"] == ("llvmpipe" in report["machine"]["renderer"])
    assert [step["side_cells"] for step in report["steps"]] == [16, 24]
    for step in report["steps"]:
        assert (step["automaton"], step["channels"], step["hidden"]) == ("moss", 4, 8)
        quotient = step["opengl_steps_per_second"] / step["torch_steps_per_second"]
        assert step["ratio"] == pytest.approx(quotient) and quotient > 0
    for start in report["starts"]["moss"].values():
        assert start["import_seconds"] > 0 and start["first_step_seconds"] > 0
        assert 20 < start["memory_megabytes"] < 2000
    shown = capsys.readouterr().out
    assert report["machine"]["renderer"] in shown and "moss" in shown and "4/8" in shown


def test_opengl_is_measured_without_torch(
    context: moderngl.Context, entry: GalleryEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_benchmark, "find_spec", lambda name: None)
    figures = measure_steps(context, entry, 16, SHORT)
    assert figures.opengl_steps_per_second > 0
    assert figures.torch_steps_per_second is None and figures.ratio is None


def test_the_ratio_says_how_many_times_as_fast_opengl_is() -> None:
    assert StepFigures("moss", 4, 8, 128, 60.0, 20.0).ratio == 3.0


def test_a_torch_process_that_fails_is_told(tmp_path: Path) -> None:
    gone = GalleryEntry(tmp_path / "gone.safetensors")
    with pytest.raises(LichenError, match="torch process"), open_torch(gone, 16):
        pass


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--grid", "0"], "--grid takes sides"),
        (["--slices", "0"], "--slices must be"),
        (["--seconds", "0"], "--seconds above 0"),
        (["--json", "gone/bench.json"], "does not exist"),
        (["xyzzy"], "no automaton or file called xyzzy"),
    ],
)
def test_mistakes_are_told(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_training_benchmark_takes_its_own_options_and_gives_its_exit_code(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queue.py").write_text("raise SystemExit('a file of the user was run')\n")
    assert main(["bench", "--gradient", "--turns", "0"]) == 2
    assert "1 or more" in capfd.readouterr().err
