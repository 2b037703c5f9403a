"""Before a dream begins: first pictures, prompts that go on, and the models that are here."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
import safetensors.numpy

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path
from training.dream.order_file import load_order
from viewer.dream_actions import ChangeDream, ChooseFirst, ImagineFirst, StopHelper, WritePrompts
from viewer.dream_draft import DreamDraft
from viewer.dream_helpers import SHEET_GUIDANCES, SHEET_SEEDS
from viewer.dream_models import (
    OWN_MODEL_KEY,
    known_models,
    known_writers,
    models_folder,
    own_models,
)
from viewer.dream_planning import DreamPlanning
from viewer.journey_draft import JourneyDraft, Row
from viewer.stage import Stage

DRAFT = DreamDraft(
    source="prompt",
    journey=JourneyDraft((Row("a road", 8), Row("a lake", 6))),
    size_pixels=(64, 64),
    backend="diffusers",
    model="/models/tiny",
)


@pytest.fixture
def planning(
    context: moderngl.Context, importable_fakes: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DreamPlanning]:
    """Its helpers run `fake_dream_worker.py`."""
    monkeypatch.setattr("viewer.dream_client.WORKER_MODULE", "fake_dream_worker")
    made = DreamPlanning(Stage(context, random_seed=1))
    made.apply(ChangeDream(DRAFT))
    yield made
    made.helpers.release()


def poll_until(planning: DreamPlanning, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, planning.helpers.complaint
        planning.poll()
        time.sleep(0.005)


def is_idle(planning: DreamPlanning) -> bool:
    return not planning.helpers.activity


def test_a_first_picture_is_chosen_from_seeds_and_guidances(planning: DreamPlanning) -> None:
    planning.apply(ImagineFirst())
    assert planning.helpers.activity == "imagining" and planning.picture is None
    poll_until(planning, lambda: is_idle(planning))
    assert len(planning.helpers.sheet) == len(SHEET_SEEDS) * len(SHEET_GUIDANCES)
    planning.apply(ChooseFirst(2, 1))
    assert planning.picture is not None
    np.testing.assert_array_equal(load_picture(planning.picture), 81)

    order = planning.begin()
    assert load_order(order.folder) == order
    assert order.source is None
    assert order.diffusers.first_seed == SHEET_SEEDS[1]
    assert order.diffusers.first_guidance == SHEET_GUIDANCES[2]
    np.testing.assert_array_equal(load_picture(frame_path(order.folder, 0)), 81)


def test_a_first_picture_of_another_size_is_imagined_anew(planning: DreamPlanning) -> None:
    planning.apply(ImagineFirst())
    poll_until(planning, lambda: is_idle(planning))
    planning.apply(ChooseFirst(0, 3))
    planning.apply(ChangeDream(replace(planning.draft, size_pixels=(96, 64))))
    order = planning.begin()
    assert order.diffusers.first_seed == SHEET_SEEDS[3]
    assert not frame_path(order.folder, 0).exists()


def test_a_refused_prompt_leaves_the_pictures_that_are_there(planning: DreamPlanning) -> None:
    planning.apply(ImagineFirst())
    poll_until(planning, lambda: is_idle(planning))
    sheet = planning.helpers.sheet
    endless = replace(DRAFT, journey=JourneyDraft((Row("koi " * 10_000, 8),)))
    planning.apply(ChangeDream(endless))
    with pytest.raises(LichenError, match="prompt"):
        planning.apply(ImagineFirst())
    assert planning.helpers.sheet == sheet
    assert all(planning.helpers.sheet_picture(one.row, one.column).is_file() for one in sheet)


def test_what_fails_is_told_and_can_be_tried_again(planning: DreamPlanning) -> None:
    failing = replace(DRAFT, journey=JourneyDraft((Row("fail", 8),)))
    planning.apply(ChangeDream(failing))
    planning.apply(ImagineFirst())
    poll_until(planning, lambda: is_idle(planning))
    assert planning.helpers.complaint == "the model is broken."
    planning.apply(ChangeDream(DRAFT))
    planning.apply(ImagineFirst())
    assert planning.helpers.complaint == ""
    planning.apply(StopHelper())
    assert is_idle(planning)


def test_suggestions_become_rows(planning: DreamPlanning, tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="language model"):
        planning.apply(WritePrompts())
    writer = tmp_path / "tiny.gguf"
    writer.touch()
    planning.apply(ChangeDream(replace(DRAFT, writer=str(writer))))
    planning.apply(WritePrompts())
    poll_until(planning, lambda: is_idle(planning))
    rows = planning.draft.journey.rows
    assert rows[2:] == (Row("after a road", 6), Row("after a lake", 6))


def test_models_are_found_by_what_they_hold(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "hub"))
    assert known_models() == own_models() == known_writers() == ()
    folder = models_folder()
    fetched = home / "hub" / "models--stabilityai--sd-turbo" / "snapshots" / "abc"
    for pipeline in (folder / "pipeline", fetched):
        pipeline.mkdir(parents=True)
        (pipeline / "model_index.json").touch()
    (folder / "writer").mkdir()
    (folder / "writer" / "config.json").touch()
    numbers = {"x": np.zeros(1, np.float32)}
    safetensors.numpy.save_file(numbers, folder / "checkpoint.safetensors")
    safetensors.numpy.save_file(numbers, folder / "mine.safetensors", {OWN_MODEL_KEY: "{}"})
    (folder / "words.safetensors").write_text("no tensors")
    pipelines = ["checkpoint.safetensors", "pipeline", "words.safetensors"]
    assert known_models() == (
        *(str(folder / name) for name in pipelines),
        "stabilityai/sd-turbo",
    )
    assert own_models() == (folder / "mine.safetensors",)
    assert known_writers() == (str(folder / "writer"),)
