"""Trainings one after another, and what becomes of them when the window closes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_worker import RESULT_SEED

from exporters.errors import LichenError
from exporters.gallery import user_entries
from support import random_automaton
from training.order import TrainingOrder
from training.protocol import Finished, Stopped
from viewer import training_client
from viewer.training_client import WorkerDied
from viewer.training_queue import TrainingQueue
from viewer.training_runs import find_runs, keep_run

pytestmark = pytest.mark.usefixtures("fake_worker")


@pytest.fixture
def queue() -> Iterator[TrainingQueue]:
    queue = TrainingQueue()
    yield queue
    for client in [*queue.ended, *([queue.current] if queue.current else [])]:
        client.kill()
        assert client.wait(30)


def wish(behaviour: str) -> TrainingOrder:
    return TrainingOrder(Path("moss.png"), Path(), name=behaviour)


def poll_until(queue: TrainingQueue, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        queue.poll()
        time.sleep(0.01)


def has_snapshot(queue: TrainingQueue) -> bool:
    return queue.current is not None and queue.current.snapshot is not None


def test_one_after_the_other_whatever_happens(queue: TrainingQueue) -> None:
    orders = [queue.add(wish(behaviour)) for behaviour in ("die", "finish", "finish")]
    assert not queue.is_training
    queue.poll()
    assert queue.is_training and queue.waiting == orders[1:]
    poll_until(queue, lambda: len(queue.ended) == 2 and not queue.is_training)
    clients = [*queue.ended, queue.current]
    assert [client.order for client in clients if client] == orders
    endings = [type(client.ending) for client in clients if client]
    assert endings == [WorkerDied, Finished, Finished]
    queue.poll()
    assert queue.current is clients[-1], "the last one stays in sight"


def test_what_waits_can_be_moved_and_cancelled(queue: TrainingQueue) -> None:
    first, second, third = (queue.add(wish("finish")) for _ in range(3))
    queue.move(third, 0)
    assert queue.waiting == [third, first, second]
    queue.cancel(first)
    assert queue.waiting == [third, second]
    assert {run.order for run in find_runs()} == {second, third}


def test_an_earlier_run_goes_first_and_is_not_lost_by_cancelling(queue: TrainingQueue) -> None:
    queue.add(wish("die"))
    poll_until(queue, lambda: queue.current is not None and not queue.is_training)
    later = queue.add(wish("finish"))
    (earlier,) = (run.order for run in find_runs() if run.order != later)
    queue.resume(earlier)
    assert queue.waiting == [replace(earlier, resume=True), later]
    queue.cancel(queue.waiting[0])
    assert len(find_runs()) == 2


def test_an_unwanted_training_leaves_nothing(queue: TrainingQueue) -> None:
    queue.add(wish("obey"))
    poll_until(queue, lambda: has_snapshot(queue))
    client = queue.current
    assert client is not None
    client.stop(keep=False)
    poll_until(queue, lambda: queue.current is None)
    assert isinstance(client.ending, Stopped)
    assert find_runs() == []


def test_one_that_cannot_start_is_told_and_stays_on_disk(
    queue: TrainingQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_client, "is_installed", lambda extra: False)
    order = queue.add(wish("finish"))
    with pytest.raises(LichenError, match="'train' extra"):
        queue.poll()
    assert queue.poll() == [] and queue.waiting == []
    assert [run.order for run in find_runs()] == [order]


def test_leaving_with_nothing_to_do(queue: TrainingQueue) -> None:
    queue.leave("discard")


def test_leaving_it_in_the_background(queue: TrainingQueue) -> None:
    order = queue.add(wish("obey"))
    poll_until(queue, lambda: has_snapshot(queue))
    queue.leave("background")
    assert queue.current is not None and queue.current.wait(30)
    assert order.output.with_name("mark").read_text() == "detached"
    assert user_entries() == []


def test_leaving_with_the_last_snapshot(queue: TrainingQueue) -> None:
    order = queue.add(wish("obey"))
    poll_until(queue, lambda: has_snapshot(queue))
    queue.leave("keep")
    assert queue.current is not None and queue.current.wait(30)
    assert order.output.with_name("mark").read_text() == "hung up"
    assert [entry.name for entry in user_entries()] == ["obey"]


def poll_until_checking(queue: TrainingQueue) -> None:
    poll_until(queue, lambda: queue.current is not None and queue.current.phase == "checking")


def test_leaving_with_the_last_snapshot_while_it_is_checked_keeps_one(queue: TrainingQueue) -> None:
    """What the worker ends with when the window is gone replaces what the window kept."""
    order = queue.add(wish("check"))
    poll_until_checking(queue)
    queue.leave("keep")
    (snapshot,) = user_entries()
    weights = snapshot.automaton.hidden_weight
    assert queue.current is not None and queue.current.wait(30)
    (run,) = find_runs()
    assert run.is_finished
    keep_run(run.order)
    (result,) = user_entries()
    assert result.path == snapshot.path
    expected = random_automaton(4, 8, weight_seed=RESULT_SEED).hidden_weight
    np.testing.assert_array_equal(result.automaton.hidden_weight, expected)
    assert (weights != expected).any()
    assert not order.output.parent.exists()


def test_leaving_with_the_last_snapshot_of_one_that_is_kept_already(queue: TrainingQueue) -> None:
    """It has said that it is done, and its process is about to end."""
    order = queue.add(wish("check"))
    poll_until_checking(queue)
    assert queue.current is not None
    queue.current.stop(keep=True)
    while queue.current.ending is None:
        queue.current.poll()
    keep_run(order)
    queue.leave("keep")
    assert len(user_entries()) == 1


def test_leaving_with_nothing_takes_along_what_was_about_to_be_kept(queue: TrainingQueue) -> None:
    """The worker has ended, and the window has not heard of it yet."""
    queue.add(wish("finish"))
    queue.poll()
    assert queue.current is not None and queue.current.wait(30)
    queue.leave("discard")
    assert find_runs() == [] and user_entries() == []


def test_leaving_with_nothing(queue: TrainingQueue) -> None:
    queue.add(wish("obey"))
    poll_until(queue, lambda: has_snapshot(queue))
    queue.leave("discard")
    assert find_runs() == [] and user_entries() == []
    assert queue.current is not None and not queue.current.alive
