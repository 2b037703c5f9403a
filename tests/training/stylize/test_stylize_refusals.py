"""What a painting worker refuses, in a sentence and with everything left as it was."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from painting_orders import new_painting_order
from painting_worker import at_iteration, carry_out, iterations, painted
from PIL import Image

from exporters.errors import LichenError
from training.claim import claim
from training.endings import Failed
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    lock_path,
    picture_path,
    style_path,
)


def test_a_loss_that_is_no_number_keeps_the_picture_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.losses.content import ContentLoss

    calls: list[int] = []
    honest = ContentLoss.__call__

    def dishonest(self: ContentLoss, *features: dict[str, torch.Tensor]) -> torch.Tensor:
        calls.append(1)
        return honest(self, *features) * (1.0 if len(calls) < 4 else torch.nan)

    monkeypatch.setattr(ContentLoss, "__call__", dishonest)
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order)
    assert iterations(told) == [1, 2, 3]
    failed = told[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence == "the loss is no number any more; choose a lower learning rate."
    monkeypatch.setattr(ContentLoss, "__call__", honest)
    other = new_painting_order(tmp_path / "other")
    carry_out(other, at_iteration(3, "stop"))
    assert painted(order) == painted(other)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"style_layers": "relu9_9"}, "there is no layer relu9_9"),
        ({"network": "vgg99"}, "vgg99"),
        ({"device": "abacus"}, "abacus cannot be used here"),
        ({"weights": Path("absent.pth"), "network": "vgg16"}, "no weights file absent.pth"),
    ],
)
def test_orders_that_cannot_be_carried_out_are_one_sentence(
    tmp_path: Path, wishes: dict[str, object], words: str
) -> None:
    order = new_painting_order(tmp_path / "painting", **wishes)
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and words in failed.sentence
    assert not picture_path(order.folder).exists()
    assert not checkpoint_path(order.folder).exists()


@pytest.mark.parametrize("path", [content_path, style_path])
def test_without_one_of_its_pictures_nothing_is_painted(
    tmp_path: Path, path: Callable[[Path], Path]
) -> None:
    order = new_painting_order(tmp_path / "painting")
    path(order.folder).unlink()
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "cannot read the picture" in failed.sentence


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            {"loss": "gram"},
            "another painting: they differ in loss; use the same, or begin a new",
        ),
        ({"size_pixels": 40, "iterations": 7}, "they differ in iterations, size;"),
        ({"start": "noise"}, "differ in start;"),
    ],
)
def test_a_checkpoint_of_another_order_is_left_alone(
    tmp_path: Path, wishes: dict[str, object], words: str
) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    kept = checkpoint_path(order.folder).read_bytes()
    failed = carry_out(replace(order, **wishes))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence
    assert checkpoint_path(order.folder).read_bytes() == kept


def test_a_checkpoint_of_another_picture_is_left_alone(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    Image.open(style_path(order.folder)).rotate(180).save(style_path(order.folder))
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "differ in style;" in failed.sentence


@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "pickle"])
def test_a_damaged_checkpoint_is_told(tmp_path: Path, damage: str) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    path = checkpoint_path(order.folder)
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:-2000])
        case "foreign":
            torch.save({"plan": {}, "trainer": {}}, path)
        case "pickle":
            torch.save({"recipe": {}, "painting": io.BytesIO()}, path)
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence == f"the checkpoint {path} is damaged; begin a new painting."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TypeError("a mistake of ours"), "unexpected error (TypeError('a mistake of ours'))"),
        (RuntimeError("CUDA out of memory"), "not enough memory for this painting; choose a"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    tmp_path: Path, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("training.stylize.session.prepare_painting", fail)
    failed = carry_out(new_painting_order(tmp_path / "painting"))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence


def test_two_workers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    order = new_painting_order(tmp_path / "painting")
    with claim(lock_path(order.folder), ""), pytest.raises(LichenError, match="still made in"):
        carry_out(order)
    assert not picture_path(order.folder).exists()
