"""How the eye is taught: the pictures, the teacher, the pupil, the file."""

from pathlib import Path

import pytest
import torch

import training.eye
from training.eye import teach
from training.eye.network import load_eye
from training.eye.pictures import PHOTOGRAPHS, PictureSource, dead_leaves
from training.eye.teach import Lesson, learn, main, prepare, unexplained

SOURCES = Path(training.eye.__file__).with_name("SOURCES.md")


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teach, "CROPS_FOR_COMPONENTS", 16)
        return prepare(32, seed=0)


def test_pictures_repeat_and_differ() -> None:
    first, second = (PictureSource(torch.Generator().manual_seed(3)) for _ in range(2))
    drawn = [first.draw() for _ in range(12)]
    assert all(torch.equal(picture, second.draw()) for picture in drawn)
    assert all(picture.shape == (3, 64, 64) for picture in drawn)
    assert not torch.equal(drawn[0], drawn[1])
    assert all(picture.min() > -2 and picture.max() < 3 for picture in drawn)


def test_dead_leaves_are_pictures_with_edges() -> None:
    leaves = dead_leaves(torch.Generator().manual_seed(0))
    assert leaves.min() >= 0 and leaves.max() <= 1
    assert leaves.diff(dim=2).abs().max() > 0.2


def test_every_photograph_is_listed_with_its_terms() -> None:
    listed = SOURCES.read_text("utf-8")
    assert all(f"`{name}`" in listed for name in PHOTOGRAPHS)


def test_no_photograph_is_the_source_of_an_exemplar() -> None:
    assert "gravel.png" not in PHOTOGRAPHS


def test_answers_are_centred_components_of_one_scale(lesson: Lesson) -> None:
    for stage, answers in lesson.answers.items():
        seen = answers[:16].float()
        points = seen.transpose(0, 1).flatten(1)
        assert points.mean(dim=1).abs().max() < 0.05
        covariance = points.cov()
        assert covariance.diagonal().mean().item() == pytest.approx(1, rel=0.05), stage
        assert (covariance - covariance.diagonal().diag()).abs().max() < 0.1


def test_a_lesson_teaches(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(list(learn(lesson, epochs=3, seed=0))) == 3
    missed = [
        [float(word) for word in line.split()[4:11:2]]
        for line in capsys.readouterr().out.splitlines()
    ]
    assert len(missed) == 3
    assert missed[-1][0] < missed[0][0]


def test_unexplained_is_one_for_silence_and_nothing_for_the_answer(lesson: Lesson) -> None:
    silence = {stage: torch.zeros_like(answer) for stage, answer in lesson.answers.items()}
    assert all(miss == pytest.approx(1) for miss in unexplained(silence, lesson.answers).values())
    full = {stage: answer.float() for stage, answer in lesson.answers.items()}
    assert all(miss == 0 for miss in unexplained(full, lesson.answers).values())


def test_script_writes_the_same_eye_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teach, "CROPS_FOR_COMPONENTS", 8)
    paths = [tmp_path / "first.safetensors", tmp_path / "second.safetensors"]
    for path in paths:
        assert main(["-o", str(path), "--crops", "24", "--epochs", "1"]) == 0
    first, second = (load_eye(path).state_dict() for path in paths)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_script_refuses_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["-o", "/no/such/folder/eye.safetensors"]) == 2
    monkeypatch.setattr(teach, "packaged_vgg16", lambda: None)
    assert main(["-o", str(tmp_path / "eye.safetensors")]) == 2
    assert capsys.readouterr().err.count("\n") == 2
