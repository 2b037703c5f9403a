"""The comparison of judges runs through, and keeps what is finished."""

from pathlib import Path

import pytest
from PIL import Image

from training.benchmarks import eyes


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "SETTLING_STEPS", 2)
    monkeypatch.setattr(eyes, "measure_costs", lambda judges, *_: dict.fromkeys(judges, 6.0))


def test_table_and_sheet(quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["-o", str(tmp_path), "--minutes", "0.1", "--exemplars", "coral"]
    assert eyes.main(arguments) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("vgg16", "eye", "patch", "coral", "1 iterations"))
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (4 * 96, 96)
    pictures = sorted(tmp_path.glob("*_coral_0_1.png"))
    written = [path.stat().st_mtime_ns for path in pictures]
    assert len(pictures) == 3
    assert eyes.main(arguments) == 0
    assert [path.stat().st_mtime_ns for path in pictures] == written


def test_unknown_exemplar_is_refused_in_one_sentence(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert eyes.main(["-o", str(tmp_path), "--exemplars", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err
