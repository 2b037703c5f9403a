"""The window's side of a painting, with a real worker that paints a few pixels."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from painting_orders import new_painting_order
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.claim import is_held
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import checkpoint_path, lock_path, log_path, picture_path
from training.stylize.protocol import Failed, Finished, IterationDone, PictureMade, Stopped
from viewer import stylize_client
from viewer.stylize_client import Event, StylizeClient
from viewer.worker_client import WorkerDied

ITERATIONS = 150
PATIENCE_SECONDS = 120.0


class Clients:
    """Starts clients, and lets none of their workers outlive the test."""

    def __init__(self) -> None:
        self._started: list[StylizeClient] = []

    def start(self, order: StylizeOrder) -> StylizeClient:
        client = StylizeClient(order)
        self._started.append(client)
        return client

    def end(self) -> None:
        for client in self._started:
            client.kill()
            assert client.wait(PATIENCE_SECONDS)


@pytest.fixture
def clients() -> Iterator[Clients]:
    clients = Clients()
    yield clients
    clients.end()


def new_order(folder: Path) -> StylizeOrder:
    """Long enough to be interrupted, and quick."""
    return new_painting_order(folder, iterations=ITERATIONS, loss="patch", content_weight=0.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StylizeClient]:
    """One that nobody interrupts; it may still paint."""
    client = StylizeClient(new_order(tmp_path_factory.mktemp("whole") / "painting"))
    yield client
    client.kill()
    assert client.wait(PATIENCE_SECONDS)


def poll_until(client: StylizeClient, is_over: Callable[[], bool]) -> list[Event]:
    """All that comes until then."""
    events: list[Event] = []
    give_up_at_seconds = time.monotonic() + PATIENCE_SECONDS
    while not is_over():
        assert time.monotonic() < give_up_at_seconds, events
        events += client.poll()
        time.sleep(0.01)
    return events


def iteration(client: StylizeClient) -> int:
    return client.progress.iteration if client.progress else 0


def first_iteration(client: StylizeClient) -> int:
    """The next that is told."""
    done: list[int] = []

    give_up_at_seconds = time.monotonic() + PATIENCE_SECONDS
    while not done:
        assert client.ending is None and time.monotonic() < give_up_at_seconds
        done += [event.iteration for event in client.poll() if isinstance(event, IterationDone)]
        time.sleep(0.01)
    return done[0]


def pictures(events: list[Event]) -> list[PictureMade]:
    return [event for event in events if isinstance(event, PictureMade)]


def test_a_painting_is_heard_to_its_end(whole: StylizeClient) -> None:
    assert whole.phase == "preparing" and whole.alive and not whole.can_resume
    assert whole.wait(PATIENCE_SECONDS) and not whole.alive
    events = whole.poll()
    assert whole.ending == Finished() and not whole.can_resume
    done = [event.iteration for event in events if isinstance(event, IterationDone)]
    assert done == list(range(1, ITERATIONS + 1))
    assert whole.phase == "painting" and iteration(whole) == ITERATIONS
    (newest,) = pictures(events)
    assert newest.iteration == ITERATIONS
    picture = np.asarray(Image.open(io.BytesIO(newest.payload)))
    assert np.array_equal(picture, load_picture(picture_path(whole.order.folder)))
    assert not is_held(lock_path(whole.order.folder))
    assert log_path(whole.order.folder).read_text() == ""


def test_paused_killed_and_stopped_it_ends_as_if_nothing_had_been(
    tmp_path: Path, clients: Clients, whole: StylizeClient
) -> None:
    order = new_order(tmp_path / "painting")
    client = clients.start(order)
    poll_until(client, lambda: iteration(client) >= 3)
    client.pause()
    events = poll_until(client, lambda: client.phase == "paused")
    paused_at = iteration(client)
    assert pictures(events)[-1].iteration == paused_at
    second = clients.start(order)
    poll_until(second, lambda: second.ending is not None)
    assert isinstance(second.ending, Failed) and "still made in" in second.ending.sentence
    assert client.alive and client.poll() == []

    client.resume()
    assert first_iteration(client) == paused_at + 1
    assert client.phase == "painting"
    client.kill()
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, WorkerDied) and "was killed" in client.ending.sentence
    assert client.can_resume

    client.resume()
    assert client.ending is None and client.phase == "preparing"
    assert first_iteration(client) == paused_at + 1
    client.stop()
    poll_until(client, lambda: client.ending is not None)
    assert client.ending == Stopped() and client.can_resume
    stopped_at = iteration(client)
    assert checkpoint_path(order.folder).exists()

    client.resume()
    assert first_iteration(client) == stopped_at + 1
    poll_until(client, lambda: client.ending is not None)
    assert client.ending == Finished()
    assert whole.wait(PATIENCE_SECONDS)
    assert picture_path(order.folder).read_bytes() == (
        picture_path(whole.order.folder).read_bytes()
    )


def test_a_worker_that_cannot_paint_says_why(tmp_path: Path, clients: Clients) -> None:
    client = clients.start(new_painting_order(tmp_path / "painting", style_layers="no"))
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, Failed) and "there is no layer no" in client.ending.sentence
    assert client.can_resume and client.progress is None


def test_without_torch_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stylize_client, "is_installed", lambda extra: False)
    with pytest.raises(LichenError, match="style transfer needs the 'train' extra"):
        StylizeClient(new_painting_order(tmp_path / "painting"))
