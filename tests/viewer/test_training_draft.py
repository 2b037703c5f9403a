"""What a training that is being prepared in the window becomes: prompts, and who reads them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.losses.prompt_wish import PromptWish
from training.order import WHOLE_PICTURE
from viewer.dream_models import known_clips, known_writers, models_folder
from viewer.training_draft import TrainingDraft
from viewer.training_presets import FORM_OPTIONS, PROMPT_LOSS, TrainingOptions
from viewer.training_prompts import PromptDraft, PromptRow

CORAL = PromptDraft((PromptRow("coral"),))
DRAFT = TrainingDraft(Path("moss.png"), (640, 480), crop=(0.0, 0.0, 0.5, 0.5))


def ordered(**options: object) -> TrainingDraft:
    return replace(DRAFT, options=TrainingOptions(clip="/models/clip", **options))


def test_without_a_prompt_no_model_reads() -> None:
    assert ordered().order().prompt == PromptWish()


@pytest.mark.parametrize(
    ("loss", "expected"),
    [(None, None), ("gram", "gram+clip"), ("ot+0.5*patch", "ot+0.5*patch+clip")],
)
def test_a_prompt_joins_the_loss(loss: str | None, expected: str | None) -> None:
    order = ordered(loss=loss, prompts=CORAL).order()
    assert order.loss == expected
    assert order.prompt == PromptWish(("coral",), model="/models/clip")
    assert order.image == DRAFT.image and order.crop == DRAFT.crop


@pytest.mark.parametrize(
    ("loss", "prompts", "allowed"),
    [(None, PromptDraft(), True), ("patch", PromptDraft(), False), ("patch", CORAL, True)],
)
def test_leave_to_download_is_ordered_where_something_could_be_fetched(
    loss: str | None, prompts: PromptDraft, allowed: bool
) -> None:
    order = ordered(loss=loss, prompts=prompts, download=True).order()
    assert order.download == allowed


def test_all_prompts_are_ordered() -> None:
    prompts = PromptDraft((PromptRow("coral", "2"), PromptRow("fog", is_negative=True)))
    assert ordered(prompts=prompts).order().prompt == PromptWish(
        ("coral=2",), ("fog",), "/models/clip"
    )


def test_with_the_prompt_alone_the_picture_is_left_out() -> None:
    order = ordered(loss=PROMPT_LOSS, prompts=CORAL, network="eye", layers="stride1").order()
    assert (order.image, order.network, order.layers) == (None, None, None)
    assert order.crop == WHOLE_PICTURE and order.name == "moss"


def test_the_prompt_alone_needs_one() -> None:
    with pytest.raises(LichenError, match="judges by a prompt, and there is none"):
        ordered(loss=PROMPT_LOSS).order()


def test_a_form_hears_no_prompt() -> None:
    assert replace(DRAFT, options=FORM_OPTIONS, crop=WHOLE_PICTURE).order().prompt == PromptWish()


def test_clip_models_are_found_and_are_no_writers(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "hub"))
    assert known_clips() == ()
    fetched = home / "hub" / "models--openai--clip-vit-base-patch32" / "snapshots" / "abc"
    other = home / "hub" / "models--google--bert" / "snapshots" / "abc"
    kinds = {models_folder() / "reader": "clip", models_folder() / "writer": "llama"}
    for folder, kind in {**kinds, fetched: "clip", other: "bert"}.items():
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({"model_type": kind}))
    (models_folder() / "broken").mkdir()
    (models_folder() / "broken" / "config.json").write_text("[")
    assert known_clips() == (str(models_folder() / "reader"), "openai/clip-vit-base-patch32")
    assert str(models_folder() / "reader") not in known_writers()
    assert str(models_folder() / "writer") in known_writers()


def test_a_folder_of_pictures_makes_it_a_filter() -> None:
    assert ordered().order().content is None
    assert ordered(content="photos").order().content == Path("photos")
