"""The helper compiles and settles; the queue runs it in the background."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from support import random_automaton
from viewer.settling import (
    SETTLED_GRID_CELLS,
    HelperProcess,
    SettlingQueue,
    content_key,
    load_settled,
    main,
    settled_path,
)


@pytest.fixture
def automaton_path(tmp_path: Path) -> Path:
    path = tmp_path / "moss.safetensors"
    save_automaton(random_automaton(5, 3), path)
    return path


def wait_until_idle(queue: SettlingQueue, path: Path) -> list[Path]:
    settled = []
    while queue.is_pending(path):
        finished = queue.poll()
        settled += [finished] if finished else []
        time.sleep(0.02)
    return settled


def test_the_key_follows_the_content(automaton_path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(automaton_path.read_bytes())
    assert content_key(copy) == content_key(automaton_path)
    save_automaton(random_automaton(5, 3, weight_seed=1), copy)
    assert content_key(copy) != content_key(automaton_path)


def test_a_file_that_is_gone_has_no_key(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="cannot read"):
        content_key(tmp_path / "gone.safetensors")


def test_nothing_is_settled_at_first(automaton_path: Path) -> None:
    assert load_settled(automaton_path) is None


def test_a_damaged_settled_state_counts_as_none(automaton_path: Path) -> None:
    path = settled_path(automaton_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no tensors")
    assert load_settled(automaton_path) is None


def test_the_queue_settles_in_the_background(automaton_path: Path) -> None:
    queue = SettlingQueue()
    queue.request(automaton_path)
    assert queue.is_pending(automaton_path)
    assert wait_until_idle(queue, automaton_path) == [automaton_path]
    state = load_settled(automaton_path)
    assert state is not None
    assert state.shape == (5, SETTLED_GRID_CELLS, SETTLED_GRID_CELLS)
    assert state.dtype == np.float32 and state.std() > 0
    with Image.open(settled_path(automaton_path).with_suffix(".png")) as picture:
        assert picture.size == (SETTLED_GRID_CELLS, SETTLED_GRID_CELLS)


def test_what_cannot_settle_is_tried_once(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    queue = SettlingQueue()
    queue.request(wrong)
    assert wait_until_idle(queue, wrong) == []
    queue.request(wrong)
    assert not queue.is_pending(wrong)


def test_urgent_requests_come_first(tmp_path: Path) -> None:
    paths = [tmp_path / f"{index}.safetensors" for index in range(3)]
    for path in paths:
        path.write_bytes(b"nothing")
    queue = SettlingQueue()
    queue.request(paths[0])
    queue.request(paths[1])
    queue.request(paths[2], urgent=True)
    queue.poll()
    assert [path for path in paths if queue.is_pending(path)] == paths
    wait_until_idle(queue, paths[2])
    assert queue.is_pending(paths[1])
    queue.stop()


def test_compiling_ahead_makes_one_step(automaton_path: Path) -> None:
    helper = HelperProcess(automaton_path, "--grid", "20x30")
    assert helper.error() == ""
    assert not helper.is_running
    helper.stop()  # ends nothing, and does no harm


def test_a_helper_tells_why_it_failed(tmp_path: Path) -> None:
    helper = HelperProcess(tmp_path / "gone.safetensors", "--grid", "8x8")
    assert "cannot read" in helper.error()


def test_a_helper_may_warn_at_length() -> None:
    """More than a pipe holds that nobody reads."""
    words = "import sys; sys.stderr.write('careful' * 50_000)"
    helper = HelperProcess("-n", "1", "-r", "1", words, module="timeit")
    patience = time.monotonic() + 60
    while helper.is_running and time.monotonic() < patience:
        time.sleep(0.02)
    assert not helper.is_running
    assert helper.error() == ""


def test_a_helper_can_be_stopped(automaton_path: Path) -> None:
    helper = HelperProcess(automaton_path, "--output", settled_path(automaton_path))
    helper.stop()
    assert not helper.is_running
    assert not settled_path(automaton_path).exists()


def test_a_wrong_file_ends_the_helper_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    assert main([str(wrong)]) == 2
    assert "not an automaton file" in capsys.readouterr().err
