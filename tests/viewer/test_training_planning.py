"""What is decided before a training begins, and what of it the next picture begins with."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from panel_user import save_noise
from PIL import Image

from exporters.errors import LichenError
from viewer.training_draft import TrainingDraft
from viewer.training_planning import TrainingPlanning
from viewer.training_queue import TrainingQueue


def photo(folder: Path, name: str = "moss") -> Path:
    return save_noise(folder / f"{name}.png", 60, 40, random_seed=0)


def form(folder: Path) -> Path:
    pixels = np.zeros((40, 48, 4), np.uint8)
    pixels[8:30, 10:40] = 200, 30, 30, 255
    path = folder / "form.png"
    Image.fromarray(pixels).save(path)
    return path


def prepared(planning: TrainingPlanning, image: Path) -> TrainingDraft:
    planning.prepare(image)
    assert planning.draft is not None
    return planning.draft


def test_the_next_picture_of_a_kind_begins_with_the_last_choices(tmp_path: Path) -> None:
    planning, queue = TrainingPlanning(), TrainingQueue()
    usual_form = prepared(planning, form(tmp_path)).options
    draft = prepared(planning, photo(tmp_path))
    chosen = replace(draft.options, channels=8, minutes=1.0)
    planning.change(replace(draft, options=chosen))
    planning.begin(queue)
    assert planning.draft is None and len(queue.waiting) == 1
    assert prepared(planning, form(tmp_path)).options == usual_form
    planning.change(None)
    assert prepared(planning, photo(tmp_path, "fern")).options == chosen


def test_the_choices_for_an_order_come_back_with_its_crop(tmp_path: Path) -> None:
    planning, queue = TrainingPlanning(), TrainingQueue()
    draft = replace(prepared(planning, photo(tmp_path)), crop=(0.0, 0.0, 0.8, 1.0))
    planning.change(draft)
    planning.begin(queue)
    (order,) = queue.waiting
    assert planning.can_reopen(order) and planning.exemplar is None
    planning.reopen(order)
    assert planning.draft == draft and planning.exemplar is not None
    assert not planning.can_reopen(replace(order, output=tmp_path / "another.safetensors"))


def test_a_picture_that_is_gone_cannot_be_changed(tmp_path: Path) -> None:
    planning, queue = TrainingPlanning(), TrainingQueue()
    image = photo(tmp_path)
    planning.prepare(image)
    planning.begin(queue)
    image.unlink()
    with pytest.raises(LichenError):
        planning.reopen(queue.waiting[0])
    assert planning.draft is None
