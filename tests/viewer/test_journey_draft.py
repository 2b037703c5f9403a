"""A journey that is being written: its mistakes, its rows, and what suits a dreamer."""

from dataclasses import replace
from pathlib import Path

import pytest

from exporters.errors import LichenError
from training.dream.journey import Journey, Stage
from viewer.dream_draft import DreamDraft
from viewer.journey_draft import MODEL_VALUES, PATCH_VALUES, JourneyDraft, Row
from viewer.panels.fields import as_number

ROWS = (Row("koi", 10), Row("lichen", 20), Row("start", 30))
DRAFT = JourneyDraft(ROWS)


def test_it_becomes_the_journey_that_was_written() -> None:
    journey = replace(DRAFT, zoom="1.03", loop="mix", negative_prompt="mist").journey()
    assert journey.stages == (Stage("koi", 10), Stage("lichen", 20), Stage("start", 30))
    assert (journey.zoom, journey.loop, journey.negative_prompt) == ("1.03", "mix", "mist")


def test_a_journey_comes_back_as_it_was() -> None:
    journey = Journey((Stage("a road", 7),), rotation_degrees="0: (1), 5: (2)", seed_mode="fixed")
    assert JourneyDraft.of(journey).journey() == journey


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("zoom", "0: (1.02), 60: (1.05", "bracket"),
        ("zoom", "10", "from 1 to 2"),
        ("strength", "t", "of frame 2 is 2"),
        ("guidance", "firm", "'firm'"),
        ("vanishing_x", "", "formula"),
    ],
)
def test_each_mistake_is_told_at_its_own_field(name: str, value: str, told: str) -> None:
    draft = DRAFT.with_schedules({name: value})
    assert told in draft.complaint(name)
    assert draft.complaint("palette_match") == ""
    with pytest.raises(LichenError):
        draft.journey()


def test_rows_are_added_moved_and_removed() -> None:
    def prompts(draft: JourneyDraft) -> list[str]:
        return [row.prompt for row in draft.rows]

    assert prompts(DRAFT.moved_row(2, -1)) == ["koi", "start", "lichen"]
    assert prompts(DRAFT.moved_row(0, -1)) == ["koi", "lichen", "start"]
    assert prompts(DRAFT.without_row(1)) == ["koi", "start"]
    assert DRAFT.with_prompts(("moss", "fern")).rows[3:] == (Row("moss", 30), Row("fern", 30))
    assert JourneyDraft((Row("koi"),)).without_row(0).rows == (Row("koi"),)


def test_another_dreamer_gets_what_suits_it_but_keeps_what_the_user_chose() -> None:
    chosen = replace(JourneyDraft(), strength="0.6")
    suited = chosen.suited(PATCH_VALUES, MODEL_VALUES)
    assert (suited.zoom, suited.strength) == (MODEL_VALUES["zoom"], "0.6")
    assert suited.suited(MODEL_VALUES, PATCH_VALUES) == chosen


@pytest.mark.parametrize(("text", "number"), [("1.05", 1.05), ("0: (1), 9: (2)", None), ("", None)])
def test_only_a_plain_number_has_a_slider(text: str, number: float | None) -> None:
    assert as_number(text) == number


def test_the_aim_is_that_of_the_first_frame() -> None:
    moving = DRAFT.with_schedules({"vanishing_x": "0: (0.2), 30: (0.8)", "vanishing_y": "0.7"})
    assert moving.aim == (0.2, 0.7)
    assert DRAFT.with_schedules({"vanishing_y": "0.7)"}).aim is None


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (DreamDraft(source="picture"), "choose the picture"),
        (DreamDraft(source="prompt"), "cannot begin with words"),
        (DreamDraft(backend="diffusers"), "choose a diffusion model"),
        (DreamDraft(backend="own"), "train-dreamer"),
        (DreamDraft(journey=JourneyDraft((Row("no such thing"),))), "row 1 names no picture"),
        (DreamDraft(journey=JourneyDraft((Row("x" * 10_000),))), "10,000 characters"),
        (DreamDraft(journey=JourneyDraft(zoom="1.02)")), "is no formula"),
    ],
)
def test_what_cannot_start_says_why(draft: DreamDraft, told: str) -> None:
    with pytest.raises(LichenError, match=told):
        draft.order(Path("dream"))


def test_a_diffusion_model_begins_larger_and_without_the_patch_dreamers_words() -> None:
    draft = DreamDraft(journey=JourneyDraft((Row("start", 9), Row("koi", 8))))
    changed = draft.dreamt_by("diffusers")
    assert changed.size_pixels == (512, 512) and changed.journey.zoom == MODEL_VALUES["zoom"]
    assert [row.prompt for row in changed.journey.rows] == ["", "koi"]
    assert changed.dreamt_by("patch") == draft
    assert replace(draft, size_pixels=(300, 200)).dreamt_by("own").size_pixels == (300, 200)
