"""The window's side of a training, against a worker that only speaks."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_worker import CHATTER

from exporters.errors import LichenError
from training.frames import Log
from training.order import TrainingOrder
from training.protocol import (
    Advanced,
    CheckAdvanced,
    Failed,
    Finished,
    PoolPictures,
    Snapshot,
    State,
    Stopped,
)
from viewer import training_client
from viewer.training_client import Event, TrainingClient, WorkerDied
from viewer.training_runs import STAND_IN_FILE

pytestmark = pytest.mark.usefixtures("fake_worker")


class Clients:
    """Starts clients, and lets none of their workers outlive the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[TrainingClient] = []

    def start(self, behaviour: str) -> TrainingClient:
        output = self._folder / "moss.safetensors"
        client = TrainingClient(TrainingOrder(Path("moss.png"), output, name=behaviour))
        self._started.append(client)
        return client

    def end(self) -> None:
        for client in self._started:
            client.kill()
            assert client.wait(30)


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    clients = Clients(tmp_path)
    yield clients
    clients.end()


def events_until(client: TrainingClient, kind: type[Event]) -> list[Event]:
    """Everything up to the first event of a kind; a worker that ends otherwise is an error."""
    events: list[Event] = []
    while not any(isinstance(event, kind) for event in events):
        assert client.ending is None, events
        events += client.poll()
        time.sleep(0.01)
    return events


def wait_for_phase(client: TrainingClient, phase: str) -> None:
    while client.phase != phase:
        assert client.ending is None
        client.poll()
        time.sleep(0.01)


def test_a_training_that_finishes(clients: Clients) -> None:
    client = clients.start("finish")
    assert (client.alive, client.phase) == (True, "preparing")
    events = events_until(client, Finished)
    assert [type(event) for event in events] == [State, Advanced, Snapshot, PoolPictures, Finished]
    assert client.phase == "training"
    assert client.ending == Finished(client.order.output, "stable")
    assert client.snapshot is not None and client.snapshot.automaton().hidden == 8
    assert client.wait(30) and not client.alive
    assert client.poll() == []


def test_a_check_is_told(clients: Clients) -> None:
    client = clients.start("check")
    events = events_until(client, CheckAdvanced)
    client.stop(keep=True)
    events += events_until(client, Finished)
    told = [event for event in events if isinstance(event, CheckAdvanced)]
    assert told[-1] == CheckAdvanced(2, 3, "after a wound, 64x64, 100 steps", 0.57)


def test_a_check_that_nobody_wants_ends_at_once(clients: Clients) -> None:
    client = clients.start("check")
    wait_for_phase(client, "checking")
    client.stop(keep=False)
    events_until(client, WorkerDied)
    assert client.is_unwanted and not client.order.output.exists()


def test_a_training_that_nobody_wants_is_not_checked(clients: Clients) -> None:
    """The window says so before it knows that the check has begun."""
    client = clients.start("check")
    client.stop(keep=False)
    events_until(client, WorkerDied)
    assert client.phase == "checking" and not client.order.output.exists()


def test_only_what_the_next_one_supersedes_is_left_out(clients: Clients) -> None:
    client = clients.start("chatter")
    assert client.wait(60)
    events = client.poll()
    for kind in (Advanced, Snapshot, PoolPictures):
        (newest,) = (event for event in events if isinstance(event, kind))
        assert newest.iteration == CHATTER
    (check,) = (event for event in events if isinstance(event, CheckAdvanced))
    assert check.candidate == CHATTER
    told = [event.text for event in events if isinstance(event, Log)]
    assert told == [f"sentence {iteration}" for iteration in range(1, CHATTER + 1)]
    assert events[-1] == Failed("enough", checkpoint_kept=False)
    assert client.losses.iterations.tolist() == list(range(1, CHATTER + 1))
    assert client.losses.losses.tolist() == list(range(1, CHATTER + 1))


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("speak_another_version", "different versions"),
        ("garble", "cannot be understood"),
        ("die", "exit code 3"),
    ],
)
def test_a_worker_that_cannot_go_on_is_told(clients: Clients, behaviour: str, words: str) -> None:
    client = clients.start(behaviour)
    events_until(client, WorkerDied)
    assert isinstance(client.ending, WorkerDied) and words in client.ending.sentence
    assert client.ending.checkpoint_kept == (behaviour == "die")
    assert not client.alive


def test_a_killed_worker_leaves_its_last_snapshot(clients: Clients) -> None:
    client = clients.start("obey")
    events_until(client, Snapshot)
    client.kill()
    events_until(client, WorkerDied)
    assert isinstance(client.ending, WorkerDied) and "was killed" in client.ending.sentence
    assert client.snapshot is not None and client.snapshot.iteration == 1
    client.pause()  # no one hears it, and no harm is done
    client.stop(keep=True)


def test_resuming_starts_another_worker_where_there_is_a_checkpoint(clients: Clients) -> None:
    client = clients.start("die")
    events_until(client, WorkerDied)
    client.resume()
    assert client.ending is None
    events_until(client, Finished)


def test_resuming_does_not_wait_until_a_failed_worker_is_gone(clients: Clients) -> None:
    client = clients.start("fail_slowly")
    events_until(client, Failed)
    assert client.alive
    client.resume()
    events_until(client, Finished)


def test_pausing_and_going_on(clients: Clients) -> None:
    client = clients.start("obey")
    wait_for_phase(client, "training")
    client.pause()
    wait_for_phase(client, "paused")
    client.resume()
    wait_for_phase(client, "training")
    client.stop(keep=True)
    events_until(client, Finished)
    assert not client.is_unwanted


def test_a_training_that_nobody_wants(clients: Clients) -> None:
    client = clients.start("obey")
    client.stop(keep=False)
    events_until(client, Stopped)
    assert client.is_unwanted


@pytest.mark.parametrize(("leave", "mark"), [("close", "hung up"), ("detach", "detached")])
def test_leaving(clients: Clients, tmp_path: Path, leave: str, mark: str) -> None:
    client = clients.start("obey")
    getattr(client, leave)()
    assert client.wait(30)
    assert (tmp_path / "mark").read_text() == mark


def test_without_the_extra_nothing_starts(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_client, "is_installed", lambda extra: False)
    with pytest.raises(LichenError, match="'train' extra"):
        clients.start("finish")


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match=r"no training can start in .*gone: No such file"):
        TrainingClient(TrainingOrder(Path("moss.png"), tmp_path / "gone" / "moss.safetensors"))


def test_what_was_kept_of_a_run_is_left_alone_once_it_learns_on(
    clients: Clients, tmp_path: Path
) -> None:
    (tmp_path / STAND_IN_FILE).write_text("{}")
    clients.start("finish")
    assert not (tmp_path / STAND_IN_FILE).exists()
