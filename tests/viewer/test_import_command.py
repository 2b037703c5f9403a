"""`lichen import`: files are written, and what was lost is told."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.numpy

from exporters.automaton_file import load_automaton
from foreign_files import distill_json, random_layers
from viewer.command import main
from viewer.importing import ImportRun

NAMES = ["texture/models/dots", "texture/models/scales", "../../moss"]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = tmp_path / "models.json"
    path.write_text(json.dumps(distill_json(NAMES)[0]))
    return path


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("lichen: ")
    return line


def test_every_automaton_becomes_a_file(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "textures"
    assert main(["import", str(models), "-o", str(folder)]) == 0
    printed = capsys.readouterr()
    written = [folder / f"{name}.safetensors" for name in ("dots", "scales", "moss")]
    assert printed.out.splitlines() == list(map(str, written))
    assert sorted(folder.iterdir()) == sorted(written)
    assert [load_automaton(path).name for path in written] == ["dots", "scales", "moss"]
    assert "8 bits" in printed.err and len(printed.err.splitlines()) == 2


def test_some_can_be_chosen(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", str(models), "-o", str(tmp_path / "out"), "--only"]
    assert main([*command, "moss", "--only", "dots", "--only", "moss"]) == 0
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == ["dots", "moss"]
    capsys.readouterr()
    assert main([*command, "scale"]) == 2
    assert "did you mean scales?" in complaint(capsys)


def test_another_automaton_is_replaced_by_force_alone(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", str(models), "-o", str(tmp_path), "--only", "dots"]
    assert main(command) == 0
    before = (tmp_path / "dots.safetensors").read_bytes()
    assert main(command) == 0
    models.write_text(json.dumps(distill_json(NAMES[::-1])[0]))
    capsys.readouterr()
    assert main(command) == 2
    assert "--force" in complaint(capsys)
    assert (tmp_path / "dots.safetensors").read_bytes() == before
    assert main([*command, "--force"]) == 0
    assert (tmp_path / "dots.safetensors").read_bytes() != before


def test_the_order_is_passed_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = random_layers(4, 6, 12)
    path = tmp_path / "newt.safetensors"
    tensors = {"a": layers.first.T.copy(), "b": layers.second.T.copy()}
    path.write_bytes(safetensors.numpy.save(tensors))
    for order in ("channels", "filters"):
        assert main(["import", str(path), "-o", str(tmp_path / order), "--order", order]) == 0
    one, other = (load_automaton(tmp_path / o / path.name) for o in ("channels", "filters"))
    assert (one.hidden_weight != other.hidden_weight).any()
    assert "--order filters" in capsys.readouterr().err


def test_a_terminal_gets_a_table_where_there_is_something_to_tell(
    models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["import", str(models), "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "wrote 3 automata" in printed and "8 bits" in printed and "3 automata" in printed


def test_what_lacks_nothing_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = random_layers(4, 6, 16)
    path = tmp_path / "lesson.safetensors"
    tensors = {"w1.weight": layers.first.T.copy(), "w2.weight": layers.second.T.copy()}
    path.write_bytes(safetensors.numpy.save(tensors))
    assert main(["import", str(path), "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == ""
    assert ImportRun(path).finish().sentence == "Imported 1 automaton from lesson.safetensors."


@pytest.mark.parametrize("name", ["none.json", "models.json/x.json", "picture.png"])
def test_what_cannot_be_read_is_one_sentence(
    name: str, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / name), "-o", str(tmp_path / "out")]) == 2
    assert name in complaint(capsys)
    assert not (tmp_path / "out").exists()


def test_without_pytorch_its_files_name_the_extra(tmp_path: Path) -> None:
    (tmp_path / "lesson.pt").write_bytes(b"PK")
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from viewer.command import main\n"
        "sys.exit(main(['import', 'lesson.pt', '-o', 'out']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (
        result.returncode == 2
        and "reading PyTorch's files needs the 'train' extra" in result.stderr
    )
    assert len(result.stderr.splitlines()) == 1


def test_json_needs_no_pytorch(models: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from viewer.command import main\n"
        f"main(['import', {str(models)!r}, '-o', {str(tmp_path / 'out')!r}])\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
