"""`lichen train FOLDER`: every picture, once, whatever happens to the others."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from exporters.automaton_file import load_automaton
from training.exemplar import load_exemplar
from training.folder import Row
from training.order import TrainingOrder
from training.protocol import CheckAdvanced
from training.run_files import checkpoint_path
from training.run_status import read_status
from training.trainer import Trainer
from viewer.command import main

TINY = (
    "--loss patch --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4 --steps 4:6 --no-check"
).split()


@pytest.fixture(autouse=True)
def short_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview takes longer than these trainings, and its look is not looked at here."""
    monkeypatch.setattr("training.finish.PREVIEW_STEPS", 2)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of two textures, a flat picture between them, a broken one and a note."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows, columns = np.indices((48, 40)) // 4
    for name, field in (("checks.png", rows + columns), ("stripes.JPG", rows)):
        pixels = (field % 2 * 255).astype(np.uint8)
        Image.fromarray(pixels).convert("RGB").save(folder / name)
    Image.new("RGB", (64, 64), "teal").save(folder / "flat.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


def train(pictures: Path, output: Path, *options: str) -> int:
    return main(["train", str(pictures), "-o", str(output), *TINY, *options])


def test_a_bad_picture_does_not_stop_the_others(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "broken.png").write_bytes(b"no picture at all")
    output = tmp_path / "deep" / "automata"
    assert train(pictures, output, "--iterations", "2") == 1
    error = capsys.readouterr().err
    for name in ("broken.png: ", "flat.png: "):
        assert error.count(name) == 1
    assert "flat colour" in error and "Traceback" not in error
    for name, exemplar in (("checks", "checks.png"), ("stripes", "stripes.JPG")):
        automaton = load_automaton(output / f"{name}.safetensors")
        assert (automaton.name, automaton.credits.exemplar) == (name, exemplar)
    assert not (output / "flat.safetensors").exists()


def test_finished_ones_are_left_alone_and_interrupted_ones_go_on(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    finished = (tmp_path / "checks.safetensors").stat().st_mtime_ns
    # As a killed run leaves it: a checkpoint, and a status that says so.
    status = tmp_path / "stripes.status.json"
    status.write_text(status.read_text().replace("finished", "training"))
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    assert "done before" in capsys.readouterr().err
    assert (tmp_path / "checks.safetensors").stat().st_mtime_ns == finished
    resumed = read_status(tmp_path / "stripes.safetensors")
    assert resumed is not None and (resumed.phase, resumed.iteration) == ("finished", 2)


def test_a_finished_one_that_was_deleted_comes_back(pictures: Path, tmp_path: Path) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "1") == 0
    (tmp_path / "checks.safetensors").unlink()
    assert train(pictures, tmp_path, "--iterations", "1") == 0
    assert load_automaton(tmp_path / "checks.safetensors").name == "checks"


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-9], lambda whole: b"", lambda whole: b'{"a": "recipe"}' * 9]
)
def test_a_damaged_automaton_is_kept_and_made_anew_from_its_checkpoint(
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[bytes], bytes],
) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    output, other = tmp_path / "checks.safetensors", tmp_path / "stripes.safetensors"
    checkpoint = checkpoint_path(output).read_bytes()
    untouched = other.stat().st_mtime_ns
    whole, damaged = output.read_bytes(), damage(output.read_bytes())
    for number in (1, 2):
        output.write_bytes(damaged)
        capsys.readouterr()
        assert train(pictures, tmp_path, "--iterations", "2") == 0
        name = f"{output.name}.damaged-{number}"
        told = f"checks.png: {output} is damaged; it is kept as {name} and made anew."
        assert capsys.readouterr().err.count(told) == 1
        assert (tmp_path / name).read_bytes() == damaged
        assert output.read_bytes() == whole
    assert checkpoint_path(output).read_bytes() == checkpoint
    assert other.stat().st_mtime_ns == untouched


@pytest.mark.parametrize("checkpoint", [b"damaged", None])
def test_a_damaged_automaton_without_a_whole_checkpoint_is_learnt_from_the_start(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], checkpoint: bytes | None
) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    output = tmp_path / "checks.safetensors"
    whole = output.read_bytes()
    output.write_bytes(whole[:-9])
    checkpoint_path(output).unlink()
    if checkpoint is not None:
        checkpoint_path(output).write_bytes(checkpoint)
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    assert output.read_bytes() == whole
    kept = sorted(tmp_path.glob("*.damaged-*"))
    assert len(kept) == (1 if checkpoint is None else 2)
    error = capsys.readouterr().err
    assert all(f"it is kept as {path.name}" in error for path in kept)


def test_several_processes_are_refused(
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert train(pictures, tmp_path / "out") == 2
    assert "a folder takes one process" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_precision_that_we_lack_is_refused_once(
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", "fp16")
    assert train(pictures, tmp_path / "out") == 2
    assert capsys.readouterr().err.count("not in fp16") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--name", "--report", "--log-images", "--callback"])
def test_options_for_one_picture_are_refused(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert train(pictures, tmp_path / "out", option, "one") == 2
    assert f"{option} is for a single picture" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_more_iterations_go_on_from_the_checkpoint(pictures: Path, tmp_path: Path) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "2") == 0
    before = checkpoint_path(tmp_path / "checks.safetensors").stat().st_mtime_ns
    assert train(pictures, tmp_path, "--iterations", "3") == 0
    after = read_status(tmp_path / "checks.safetensors")
    assert after is not None and after.iteration == 3
    assert checkpoint_path(tmp_path / "checks.safetensors").stat().st_mtime_ns > before


def test_what_was_too_large_goes_with_smaller_sizes(
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (pictures / "flat.png").unlink()

    def fail(trainer: Trainer) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "predict", fail)
        assert train(pictures, tmp_path, "--iterations", "1", "--grid", "32") == 1
    assert "not enough memory" in capsys.readouterr().err
    assert train(pictures, tmp_path, "--iterations", "1") == 0
    assert load_automaton(tmp_path / "checks.safetensors").name == "checks"


def test_a_pool_ages_but_once(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "flat.png").unlink()
    (pictures / "stripes.JPG").unlink()
    aged: list[int] = []
    age_pool = Trainer.age_pool

    def note_age(trainer: Trainer, states: int, steps: int) -> None:
        aged.append(steps)
        age_pool(trainer, states, steps)

    monkeypatch.setattr(Trainer, "age_pool", note_age)
    for iterations in ("1", "2"):
        assert train(pictures, tmp_path, "--age", "3", "--iterations", iterations) == 0
    assert aged == [3]
    assert train(pictures, tmp_path, "--age", "3", "--iterations", "1", "--force") == 0
    assert aged == [3, 3]


def test_a_checkpoint_holds_the_candidate_of_its_iteration(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "flat.png").unlink()
    (pictures / "stripes.JPG").unlink()
    kept: list[list[int]] = []
    predict = Trainer.predict

    def look_before(trainer: Trainer) -> None:
        if trainer.iteration:
            checkpoint = torch.load(checkpoint_path(tmp_path / "checks.safetensors"))
            kept.append(list(checkpoint["trainer"]["candidates"]))
        predict(trainer)

    monkeypatch.setattr(Trainer, "predict", look_before)
    assert train(pictures, tmp_path, "--iterations", "7", "--preview-every", "0") == 0
    assert kept == [[], [], [], [], [], [6]]  # 85 % of them


def test_a_file_of_somebody_elses_is_kept(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "flat.png").unlink()
    precious = tmp_path / "checks.safetensors"
    precious.write_text("precious")
    assert train(pictures, tmp_path, "--iterations", "1") == 1
    assert "--force" in capsys.readouterr().err
    assert precious.read_text() == "precious"
    assert train(pictures, tmp_path, "--iterations", "1", "--force") == 0
    assert load_automaton(precious).name == "checks"


@pytest.mark.parametrize("names", [[], ["a.png", "a.jpg"]])
def test_folders_that_make_no_sense_are_refused(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        Image.new("RGB", (64, 64)).save(folder / name)
    assert train(folder, tmp_path / "out", "--iterations", "1") == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_previews_among_the_pictures_are_not_learnt(pictures: Path) -> None:
    (pictures / "flat.png").unlink()
    for iterations in ("1", "2", "3"):
        assert train(pictures, pictures, "--iterations", iterations) == 0
    assert (pictures / "checks.preview.png").exists()
    automata = [path.name for path in pictures.glob("*.safetensors")]
    assert sorted(automata) == ["checks.safetensors", "stripes.safetensors"]


def test_a_picture_named_like_a_preview_is_kept(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "flat.png").unlink()
    mine = (pictures / "stripes.JPG").rename(pictures / "checks.preview.png")
    before = mine.read_bytes()
    assert train(pictures, pictures, "--iterations", "1") == 2
    assert "would overwrite" in capsys.readouterr().err
    assert mine.read_bytes() == before
    assert train(pictures, tmp_path, "--iterations", "1") == 0
    assert load_automaton(tmp_path / "checks.preview.safetensors").name == "checks.preview"


def test_an_unforeseen_fault_does_not_stop_the_others(
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(path: Path, *others: object) -> object:
        if path.stem == "checks":
            raise RuntimeError("kernel [7] failed")
        return load_exemplar(path, *others)

    monkeypatch.setattr("training.prepare.load_exemplar", load)
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "1") == 1
    error = capsys.readouterr().err
    assert "checks.png: the training ended with RuntimeError: kernel [7] failed." in error
    assert load_automaton(tmp_path / "stripes.safetensors").name == "stripes"


def test_one_that_was_replaced_by_itself_goes_on(pictures: Path, tmp_path: Path) -> None:
    (pictures / "flat.png").unlink()
    assert train(pictures, tmp_path, "--iterations", "4") == 0
    output = tmp_path / "checks.safetensors"
    alone = ["--force", "--iterations", "1"]
    assert main(["train", str(pictures / "checks.png"), "-o", str(output), *TINY, *alone]) == 0
    one_iteration = output.read_bytes()
    assert train(pictures, tmp_path, "--iterations", "4") == 0
    status = read_status(output)
    assert status is not None and status.iteration == 4
    assert output.read_bytes() != one_iteration


def test_a_check_tells_its_share_in_the_table() -> None:
    row = Row(TrainingOrder(Path("a.png"), Path("a.safetensors")))
    row.tell_check(CheckAdvanced(2, 3, "from noise, 48x48, 0 steps", 0.57))
    assert row.state == "checking 57%"
