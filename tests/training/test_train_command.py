"""`lichen train` as a user meets it, on tiny trainings."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import load_automaton
from exporters.gallery import preview_path, user_folder
from training.run_files import checkpoint_path, lock_path
from training.run_status import claimed
from viewer.command import main

TINY = (
    "--no-check --loss patch --channels 4 --hidden 8 --grid 16 --batch 1 --pool 4 --steps 4:6"
).split()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    rows, columns = np.indices((48, 40)) // 4
    pixels = np.zeros((48, 40, 3), np.uint8)
    pixels[..., 0] = (rows + columns) % 2 * 255
    Image.fromarray(pixels).save(tmp_path / "checks.png")
    return tmp_path / "checks.png"


def train(image: Path, output: Path, *options: str) -> int:
    return main(["train", str(image), "-o", str(output), *TINY, *options])


def test_writes_automaton_and_preview(image: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(image, output, "--iterations", "3", "--licence", "CC0-1.0") == 0
    automaton = load_automaton(output)
    assert (automaton.name, automaton.channels, automaton.hidden) == ("mine", 4, 8)
    assert automaton.credits.licence == "CC0-1.0"
    assert automaton.credits.exemplar == "checks.png"
    with Image.open(preview_path(output)) as preview:
        assert preview.size == (128, 128)


def test_the_last_line_says_whether_it_holds(
    image: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    options = [option for option in TINY if option != "--no-check"]
    assert main(["train", str(image), "-o", str(output), *options, "--iterations", "1"]) == 0
    verdict = load_automaton(output).verdict
    assert verdict is not None
    assert str(verdict) in capfd.readouterr().err


def test_a_terminal_shows_what_one_waits_for_at_the_end(
    image: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    assert train(image, tmp_path / "mine.safetensors", "--iterations", "1") == 0
    assert "drawing its picture: from the seed, 128x128, 575 steps" in capfd.readouterr().err


def test_two_trainings_never_write_the_same_file(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    with claimed(output):
        assert train(image, output, "--iterations", "1") == 2
    assert "another training is still writing to" in capsys.readouterr().err
    assert train(image, output, "--iterations", "1") == 0
    assert not lock_path(output).exists()


def test_same_seed_same_file(image: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / "a.safetensors", tmp_path / "b.safetensors"]
    for output in outputs:
        assert train(image, output, "--iterations", "3", "--name", "same") == 0
    first, second = (load_automaton(output) for output in outputs)
    np.testing.assert_array_equal(first.hidden_weight, second.hidden_weight)
    np.testing.assert_array_equal(first.update_weight, second.update_weight)


def test_it_begins_with_another_automatons_weights(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older, later, other = (tmp_path / f"{name}.safetensors" for name in ("a", "b", "c"))
    assert train(image, older, "--iterations", "3") == 0
    options = ["--from", str(older), "--iterations", "1", "--seed", "5"]
    assert train(image, later, *options, "--learning-rate", "1e-9") == 0
    first, second = load_automaton(older), load_automaton(later)
    assert first.update_weight.any()
    np.testing.assert_allclose(second.hidden_weight, first.hidden_weight, atol=1e-7)
    np.testing.assert_allclose(second.update_weight, first.update_weight, atol=1e-7)
    assert train(image, other, *options, "--hidden", "9") == 2
    assert "its hidden is 8, this training's 9" in capsys.readouterr().err
    assert not other.exists()
    older.unlink()  # it has done its part
    assert train(image, later, *options[2:], "--iterations", "2", "--resume") == 0
    filters = [*options[2:], "--from", "coral_lens", "--channels", "15", "--hidden", "96"]
    assert train(image, other, *filters) == 2
    assert "its content channels is 3, this training's 0" in capsys.readouterr().err


def test_it_begins_with_an_automaton_of_the_gallery(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    user_folder().mkdir(parents=True)
    older, later = user_folder() / "older.safetensors", tmp_path / "later.safetensors"
    assert train(image, older, "--iterations", "1") == 0
    options = ["--iterations", "1", "--seed", "5", "--learning-rate", "1e-9"]
    assert train(image, later, "--from", "olde", *options) == 2
    assert "called olde; did you mean older?" in capsys.readouterr().err
    assert train(image, later, "--from", "older", *options) == 0
    first, second = load_automaton(older), load_automaton(later)
    np.testing.assert_allclose(second.hidden_weight, first.hidden_weight, atol=1e-7)


def test_resume_goes_on(image: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(image, output, "--iterations", "2") == 0
    assert train(image, output, "--iterations", "4", "--resume") == 0
    assert "resumed at iteration 2" in capfd.readouterr().err


def test_existing_output_is_kept(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    output.write_text("precious")
    assert train(image, output) == 2
    assert "--force" in capsys.readouterr().err
    assert output.read_text() == "precious"


def test_a_checkpoint_alone_is_kept(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(image, output, "--iterations", "2") == 0
    output.unlink()
    kept = checkpoint_path(output).read_bytes()
    assert train(image, output, "--iterations", "1") == 2
    assert f"{checkpoint_path(output)} exists; --resume goes on with it" in capsys.readouterr().err
    assert checkpoint_path(output).read_bytes() == kept
    assert train(image, output, "--iterations", "1", "--force") == 0


@pytest.mark.parametrize("options", [[], ["--force"], ["--content"]])
def test_a_picture_that_is_learnt_from_is_never_written_over(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    output = tmp_path / "mine.safetensors"
    preview = preview_path(output)
    preview.write_bytes(image.read_bytes())
    linked = tmp_path / "linked.png"
    linked.symlink_to(preview)
    if options == ["--content"]:
        assert train(image, output, "--content", str(linked)) == 2
    else:
        assert train(linked, output, *options) == 2
    assert f"would overwrite {linked}, which it learns from" in capsys.readouterr().err
    assert preview.read_bytes() == image.read_bytes() and not output.exists()


@pytest.mark.parametrize("source", ["checks.png", "."])
def test_no_picture_of_a_content_folder_is_written_over(
    image: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    mine = preview_path(pictures / "checks.safetensors")
    mine.write_bytes(image.read_bytes())
    output = pictures if source == "." else pictures / "checks.safetensors"
    for force in ([], ["--force"]):
        assert train(tmp_path / source, output, "--content", str(pictures), *force) == 2
        assert f"would overwrite {mine}, which it learns from" in capsys.readouterr().err
    assert [path.name for path in pictures.iterdir()] == [mine.name]
    assert mine.read_bytes() == image.read_bytes()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--iterations", "0"], "above zero"),
        (["--minutes", "nan"], "above zero"),
        (["--minutes", "inf"], "at most 1e+09"),
        (["--minutes", "1e308"], "at most 1e+09"),
        (["--iterations", "1" + "0" * 400], "at most 1e+09"),
        (["--age", "-5"], "--age must be from 0 to 1,000,000 steps, not -5"),
        (["--age", "1" + "0" * 20], "to 1,000,000 steps"),
        (["--content-weight", "3"], "name one with --content"),
        (["--cutouts", "3"], "give one with --prompt"),
        (["--download"], "looks at no network"),
        (["--damaged", "2"], "more than the --batch of 1"),
        (["--size", "3"], "--size"),
        (["--size", "0"], "--size"),
        (["--grow"], "leave out --grow"),
        (["--steps", "9:2"], "range"),
        (["--steps", "many"], "such as 24:48"),
        (["--crop", "half"], "such as 0,0,0.5,1"),
        (["--channels", "2"], "channels"),
        (["--device", "toaster"], "toaster"),
        (["--device", "meta"], "the device meta cannot be used here"),
        (["--resume"], "nothing to resume"),
        (["--loss", "ot", "--weights", "nowhere.pth"], "nowhere.pth"),
        (["--loss", "ot+magic"], "magic"),
        (["--loss", "ot", "--network", "resnet19"], "resnet19"),
        (["--loss", "ot", "--layers", "relu9_9"], "relu9_9"),
        (["--network", "eye"], "looks at no network"),
        (["--grid", "1024", "--pool", "4096"], "not enough memory"),
    ],
)
def test_bad_options_are_one_sentence(
    image: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    word: str,
) -> None:
    output = tmp_path / "mine.safetensors"
    assert train(image, output, *options) == 2
    error = capsys.readouterr().err
    assert word in error
    assert "Traceback" not in error
    assert not output.exists()


def test_defaults_may_be_spelled_out_where_they_do_nothing(image: Path, tmp_path: Path) -> None:
    options = ["--content-weight", "1", "--cutouts", "8", "--damaged", "1", "--age", "0"]
    assert train(image, tmp_path / "mine.safetensors", "--iterations", "1", *options) == 0


def test_a_pool_that_ages_first_is_told(
    image: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = ["--iterations", "1", "--age", "3"]
    assert train(image, tmp_path / "mine.safetensors", *options) == 0
    assert "a quarter of the pool first ages by 3 steps" in capfd.readouterr().err


def test_flat_and_tiny_pictures_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, size, word in (("flat.png", (64, 64), "flat colour"), ("dot.png", (1, 1), "1x1")):
        Image.new("RGB", size, "teal").save(tmp_path / name)
        assert train(tmp_path / name, tmp_path / "mine.safetensors") == 2
        assert word in capsys.readouterr().err


def test_interrupt_keeps_what_is_there(image: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine.safetensors"
    command = [sys.executable, "-m", "viewer", "train", str(image), "-o", str(output), *TINY]
    process = subprocess.Popen(
        [*command, "--iterations", "1000000", "--preview-every", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    while process.poll() is None and not preview_path(output).exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    assert process.returncode == 0, error
    assert "stopped early" in error
    assert load_automaton(output).update_weight.any()


def test_a_form_is_grown_from_a_cut_out_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = Image.new("RGBA", (40, 40))
    form.paste((200, 40, 90, 255), (10, 5, 30, 35))
    form.save(tmp_path / "petal.png")
    output = tmp_path / "petal.safetensors"
    options = ["--channels", "6", "--hidden", "8", "--grid", "32", "--size", "16", "--pool", "4"]
    options += ["--steps", "4:6", "--iterations", "2", "--robust", "--no-check"]
    command = ["train", "--grow", str(tmp_path / "petal.png"), "-o", str(output), *options]
    assert main(command) == 0, capsys.readouterr().err
    automaton = load_automaton(output)
    assert automaton.alive_masking and automaton.seed.kind == "single cell"
    with Image.open(preview_path(output)) as preview:
        assert preview.size == (64, 64)


@pytest.mark.parametrize(
    ("source", "options", "word"),
    [
        ("nothing.png", [], "nothing.png"),
        ("checks.png", [], "cut it out"),
        ("checks.png", ["--grid", "40"], "--size or --grid"),
        ("\u0378", [], "no single picture"),
    ],
)
def test_what_cannot_grow_is_one_sentence(
    image: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    options: list[str],
    word: str,
) -> None:
    monkeypatch.chdir(image.parent)
    assert main(["train", "--grow", source, "-o", "mine.safetensors", *options]) == 2
    error = capsys.readouterr().err
    assert word in error
    assert error.count("\n") == 1
    assert not (tmp_path / "mine.safetensors").exists()
