"""The folders of trainings, and the way from there to the gallery."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import automaton_to_bytes, load_automaton, save_automaton
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry, preview_path, user_entries
from support import random_automaton
from training.losses.prompt_wish import PromptWish
from training.order import TrainingOrder
from training.plan import TrainingPlan
from training.protocol import Snapshot
from training.run_files import checkpoint_path
from training.run_status import RunStatus, claimed, write_status
from viewer.training_runs import (
    LARGEST_NAME_LETTERS,
    ORDER_FILE,
    STAND_IN_FILE,
    discard_run,
    find_runs,
    keep_run,
    keep_snapshot,
    leave_stand_in,
    new_run,
    resumed,
    runs_folder,
    safe_name,
    stop_run,
)


@pytest.fixture
def wish(tmp_path: Path) -> TrainingOrder:
    """What a panel would order."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "My photo.png")
    return TrainingOrder(
        tmp_path / "My photo.png",
        Path(),
        name="wet moss",
        plan=TrainingPlan(random_seed=7),
        weights=Path("vgg.pth"),
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("moss", "moss"),
        ("wet moss (2).v1", "wet_moss_2_v1"),
        ("../../etc/passwd", "etc_passwd"),
        ("…", "untitled"),
        ("", "untitled"),
        ("Мох", "Мох"),
        ("x" * 300, "x" * LARGEST_NAME_LETTERS),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_prompt_needs_no_picture(wish: TrainingOrder) -> None:
    order = new_run(
        replace(wish, image=None, weights=None, loss="clip", prompt=PromptWish(("coral=2",)))
    )
    assert order.image is None and order.credits.exemplar == ""
    assert order.credits.training_command.startswith("lichen train --output wet_moss.safetensors")
    assert find_runs()[0].order == order
    save_automaton(random_automaton(4, 8), order.output)
    path = keep_run(order)
    assert load_automaton(path).credits.exemplar == ""
    assert "--prompt coral=2" in load_automaton(path).credits.training_command
    assert not list((path.parent / "exemplars").iterdir())


def test_a_run_has_all_that_it_needs(wish: TrainingOrder) -> None:
    order = new_run(wish)
    folder = order.output.parent
    assert folder == runs_folder() / "wet_moss"
    assert order.output.name == "wet_moss.safetensors"
    assert order.image.read_bytes() == wish.image.read_bytes()
    assert order.image.parent == folder
    assert order.weights == Path.cwd() / "vgg.pth"
    assert order.credits.exemplar == order.image.name
    assert "--seed 7" in order.credits.training_command
    (run,) = find_runs()
    assert (run.order, run.status, run.is_training, run.has_result) == (order, None, False, False)


def test_runs_of_the_same_name_stay_apart(wish: TrainingOrder) -> None:
    outputs = [new_run(wish).output.name for _ in range(3)]
    assert outputs == ["wet_moss.safetensors", "wet_moss_2.safetensors", "wet_moss_3.safetensors"]


def test_what_is_no_file_stays_as_it_was_named(wish: TrainingOrder) -> None:
    assert new_run(replace(wish, image=Path("🦎"))).image == Path("🦎")


def test_a_picture_that_is_gone_is_told(wish: TrainingOrder, tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="the picture moss.png is gone; choose another"):
        new_run(replace(wish, image=tmp_path / "gone" / "moss.png"))


def test_runs_are_found_newest_first_with_their_state(wish: TrainingOrder) -> None:
    older, newer = new_run(wish), new_run(wish)
    os.utime(older.output.parent / ORDER_FILE, (1, 1))
    status = RunStatus(1, "finished", sentence="stable")
    write_status(older.output, status)
    save_automaton(random_automaton(4, 8), older.output)
    with claimed(newer.output):
        runs = find_runs()
    assert [run.order for run in runs] == [newer, older]
    assert [run.is_training for run in runs] == [True, False]
    assert [run.is_finished for run in runs] == [False, True]
    assert [run.has_result for run in runs] == [False, True]
    assert runs[1].status == status


def test_a_damaged_order_is_left_out(wish: TrainingOrder, caplog: pytest.LogCaptureFixture) -> None:
    file = new_run(wish).output.with_name(ORDER_FILE)
    content = json.loads(file.read_text())
    for damage in ("", "[]", json.dumps(content | {"size_cells": 3})):
        file.write_text(damage)
        assert find_runs() == []
    assert "ignoring the training" in caplog.text


def test_resuming_needs_a_checkpoint(wish: TrainingOrder) -> None:
    order = replace(new_run(wish), age_steps=100)
    assert resumed(replace(order, resume=True)) == order
    checkpoint_path(order.output).touch()
    assert resumed(order) == replace(order, resume=True, age_steps=0)


def test_a_result_moves_to_the_gallery(wish: TrainingOrder) -> None:
    order = new_run(wish)
    save_automaton(replace(random_automaton(4, 8), credits=order.credits), order.output)
    preview_path(order.output).write_bytes(b"a picture")
    path = keep_run(order)
    assert not order.output.parent.exists()
    (entry,) = user_entries()
    assert entry.path == path and entry.name == "wet_moss"
    assert entry.thumbnail_path.read_bytes() == b"a picture"
    assert entry.exemplar_path.read_bytes() == wish.image.read_bytes()
    command = entry.automaton.credits.training_command
    assert command.startswith("lichen train wet_moss.png --output wet_moss.safetensors")
    assert "--seed 7" in command


def test_a_result_is_kept_without_a_picture_that_cannot_be_copied(wish: TrainingOrder) -> None:
    order = new_run(wish)
    save_automaton(random_automaton(4, 8), order.output)
    preview_path(order.output).mkdir()
    path = keep_run(order)
    assert path.is_file() and not preview_path(path).exists()


def test_snapshots_of_one_run_stay_apart_in_the_gallery(wish: TrainingOrder) -> None:
    order = new_run(wish)
    automata = [random_automaton(4, 8, weight_seed=seed) for seed in (1, 2)]
    paths = [
        keep_snapshot(order, Snapshot(1, 0.5, automaton_to_bytes(automaton)))
        for automaton in automata
    ]
    assert [path.stem for path in paths] == ["wet_moss", "wet_moss_2"]
    for path, automaton in zip(paths, automata, strict=True):
        np.testing.assert_array_equal(load_automaton(path).hidden_bias, automaton.hidden_bias)
        assert GalleryEntry(path).exemplar_path.is_file()
    assert order.output.parent.is_dir()


def kept_snapshot(order: TrainingOrder, weight_seed: int, stands_in: bool = True) -> Path:
    automaton = random_automaton(4, 8, weight_seed=weight_seed)
    return keep_snapshot(order, Snapshot(1, 0.5, automaton_to_bytes(automaton)), stands_in)


def finish(order: TrainingOrder, weight_seed: int = 9) -> Path:
    save_automaton(random_automaton(4, 8, weight_seed=weight_seed), order.output)
    preview_path(order.output).write_bytes(b"a picture")
    return keep_run(order)


def assert_weights(path: Path, weight_seed: int) -> None:
    expected = random_automaton(4, 8, weight_seed=weight_seed).hidden_weight
    np.testing.assert_array_equal(load_automaton(path).hidden_weight, expected)


def test_what_stands_in_gives_its_place_to_the_next_and_to_the_result(wish: TrainingOrder) -> None:
    order = new_run(wish)
    paths = [kept_snapshot(order, weight_seed) for weight_seed in (1, 2)]
    assert_weights(paths[1], 2)
    paths.append(finish(order))
    assert {path.stem for path in paths} == {"wet_moss"}
    (entry,) = user_entries()
    assert_weights(entry.path, 9)
    assert entry.exemplar_path.read_bytes() == wish.image.read_bytes()
    assert entry.thumbnail_path.read_bytes() == b"a picture"


def test_what_was_kept_for_its_own_sake_stays(wish: TrainingOrder) -> None:
    order = new_run(wish)
    paths = [kept_snapshot(order, 1, stands_in=False), kept_snapshot(order, 2), finish(order)]
    assert [path.stem for path in paths] == ["wet_moss", "wet_moss_2", "wet_moss_2"]
    assert_weights(paths[0], 1)
    assert_weights(paths[1], 9)


def test_only_the_very_file_that_stood_in_is_replaced(wish: TrainingOrder) -> None:
    """Somebody has put another automaton there since."""
    order = new_run(wish)
    kept = kept_snapshot(order, 1)
    save_automaton(random_automaton(4, 8, weight_seed=5), kept)
    assert finish(order).stem == "wet_moss_2"
    assert_weights(kept, 5)


def test_a_stand_in_that_is_gone_or_forgotten_harms_nothing(wish: TrainingOrder) -> None:
    gone, damaged = new_run(wish), new_run(wish)
    kept_snapshot(gone, 1).unlink()
    assert finish(gone).stem == "wet_moss"
    first = kept_snapshot(damaged, 2)
    damaged.output.with_name(STAND_IN_FILE).write_text("[")
    assert finish(damaged).stem == "wet_moss_3"
    assert_weights(first, 2)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (RunStatus(1, "training", completed=0.4), "wet_moss_2"),
        (RunStatus(1, "checking", completed=1.0), "wet_moss"),
        (None, "wet_moss_2"),
    ],
)
def test_a_snapshot_stays_for_good_once_the_run_learns_on(
    wish: TrainingOrder, status: RunStatus | None, result: str
) -> None:
    order = new_run(wish)
    kept = kept_snapshot(order, 1)
    if status is not None:
        write_status(order.output, status)
    leave_stand_in(order)
    assert finish(order).stem == result
    assert_weights(kept, 1 if result != kept.stem else 9)


def test_no_shipped_automaton_is_hidden(wish: TrainingOrder) -> None:
    order = new_run(replace(wish, name="coral"))
    path = keep_snapshot(order, Snapshot(1, 0.5, automaton_to_bytes(random_automaton(4, 8))))
    assert path.stem == "coral_2"


def test_a_run_without_a_result_cannot_be_kept(wish: TrainingOrder) -> None:
    order = new_run(wish)
    with pytest.raises(LichenError, match="cannot read"):
        keep_run(order)
    assert order.image.is_file()


def test_nothing_outside_the_runs_is_discarded(wish: TrainingOrder, tmp_path: Path) -> None:
    discard_run(replace(wish, output=tmp_path / "moss.safetensors"))
    assert wish.image.is_file()


def test_only_a_worker_is_stopped(wish: TrainingOrder) -> None:
    order = new_run(wish)
    write_status(order.output, RunStatus(os.getpid(), "training"))
    assert not stop_run(order)  # it would end this very process
    with claimed(order.output):
        write_status(order.output, RunStatus(os.getpid(), "checking"))
        assert not stop_run(order)


def test_a_worker_that_has_just_gone_needs_no_stopping(wish: TrainingOrder) -> None:
    order = new_run(wish)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with claimed(order.output):
        write_status(order.output, RunStatus(gone.pid, "training"))
        assert not stop_run(order)
