"""A painting's fields are texts: what they mean, and what is told of a mistake."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from exporters.errors import LichenError
from training.stylize.order import StylizeOrder
from viewer.stylize_draft import StylizeDraft, painting_name


def test_an_untouched_draft_is_the_usual_order() -> None:
    assert StylizeDraft().order(Path("x")) == StylizeOrder(Path("x"))


def test_every_field_of_an_order_can_be_written() -> None:
    wished = StylizeOrder(
        folder=Path("x"),
        size_pixels=300,
        style_size_pixels=200,
        iterations=17,
        learning_rate=0.05,
        loss="gram+0.5*patch",
        style_weight=3.5,
        content_weight=0.0,
        style_layers="relu1_1,relu2_1=0.5",
        content_layers="relu4_1",
        total_variation=2.5,
        start="noise",
        bounds="clamp",
        random_seed=2**32 - 1,
        network="vgg16",
        weights=Path("/w/vgg.pth"),
        device="cpu",
    )
    usual = StylizeOrder(Path("x"))
    written: dict[str, Any] = {}
    for field in fields(StylizeDraft):
        value = getattr(wished, field.name)
        assert value != getattr(usual, field.name), f"{field.name} is not tried"
        written[field.name] = str(value)
    assert StylizeDraft(**written).order(Path("x")) == wished


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("size_pixels", "9", "32 to"),
        ("size_pixels", "", "no whole number"),
        ("size_pixels", "12.5", "no whole number"),
        ("style_size_pixels", "3", "style"),
        ("iterations", "0", "iterations"),
        ("learning_rate", "fast", "no number"),
        ("learning_rate", "nan", "learning rate"),
        ("style_weight", "-1", "style"),
        ("content_weight", "inf", "content"),
        ("total_variation", "-2", "total variation"),
        ("random_seed", "-1", "seed"),
        ("random_seed", "9" * 5000, "no whole number"),
        ("loss", "art", "no loss"),
        ("loss", "", "no loss"),
        ("style_layers", "=3", "no name"),
        ("content_layers", "relu1_1=x", "relu1_1"),
    ],
)
def test_a_mistake_is_told_beside_its_field_alone(name: str, text: str, told: str) -> None:
    changes: dict[str, Any] = {name: text}
    draft = replace(StylizeDraft(), **changes)
    assert told in draft.complaint(name)
    others = [field.name for field in fields(draft) if field.name != name]
    assert not any(draft.complaint(other) for other in others)
    with pytest.raises(LichenError, match=told):
        draft.order(Path("x"))


def test_both_names_show_in_the_painting() -> None:
    assert painting_name("cat", "koi") == "cat in koi"
    long = painting_name("a very long photograph of a cat", "peacock feathers in the sun")
    assert long == "a very long photog in peacock feathers i"
