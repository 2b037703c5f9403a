"""The window's side of a painting, with a real worker that paints a few pixels."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from painting_orders import new_painting_order
from PIL import Image
from worker_follower import PATIENCE_SECONDS, Follow, Follower

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.claim import is_held
from training.endings import Failed, Finished, Stopped
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import checkpoint_path, lock_path, log_path, picture_path
from training.stylize.protocol import IterationDone, PictureMade, State
from viewer import stylize_client
from viewer.stylize_client import StylizeClient
from viewer.worker_client import WorkerDied

ITERATIONS = 150


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


def iterations(events: list[Any]) -> list[int]:
    return [event.iteration for event in events if isinstance(event, IterationDone)]


def next_iteration(painting: Follower) -> int:
    """The first that is told from now on."""
    before = len(painting.heard)
    painting.poll_until(lambda: bool(iterations(painting.heard[before:])))
    return iterations(painting.heard[before:])[0]


def test_a_painting_is_heard_to_its_end(whole: StylizeClient) -> None:
    assert whole.alive and whole.ending is None
    assert whole.wait(PATIENCE_SECONDS) and not whole.alive
    events = whole.poll()
    assert whole.ending == Finished()
    assert iterations(events) == list(range(1, ITERATIONS + 1))
    assert [event for event in events if isinstance(event, State)] == [
        State("preparing"),
        State("painting"),
    ]
    (newest,) = (event for event in events if isinstance(event, PictureMade))
    assert newest.iteration == ITERATIONS
    picture = np.asarray(Image.open(io.BytesIO(newest.payload)))
    assert np.array_equal(picture, load_picture(picture_path(whole.order.folder)))
    assert not is_held(lock_path(whole.order.folder))
    assert log_path(whole.order.folder).read_text() == ""


def test_paused_killed_and_stopped_it_ends_as_if_nothing_had_been(
    tmp_path: Path, follow: Follow, whole: StylizeClient
) -> None:
    order = new_order(tmp_path / "painting")
    painting = follow(StylizeClient(order))
    client = painting.client
    painting.poll_until(lambda: max(iterations(painting.heard), default=0) >= 3)
    client.pause()
    painting.poll_until(lambda: painting.newest(State) == State("paused"))
    paused_at = iterations(painting.heard)[-1]
    assert painting.newest(PictureMade).iteration == paused_at
    second = follow(StylizeClient(order))
    second.poll_to_the_end()
    assert isinstance(second.client.ending, Failed)
    assert "still made in" in second.client.ending.sentence
    assert client.alive and client.poll() == []

    client.resume()
    assert next_iteration(painting) == paused_at + 1
    assert painting.newest(State) == State("painting")
    client.kill()
    painting.poll_to_the_end()
    assert isinstance(client.ending, WorkerDied) and "was killed" in client.ending.sentence

    client.resume()
    assert client.ending is None
    assert next_iteration(painting) == paused_at + 1
    client.stop()
    painting.poll_to_the_end()
    assert client.ending == Stopped()
    stopped_at = iterations(painting.heard)[-1]
    assert checkpoint_path(order.folder).exists()

    client.resume()
    assert next_iteration(painting) == stopped_at + 1
    painting.poll_to_the_end()
    assert client.ending == Finished()
    assert whole.wait(PATIENCE_SECONDS)
    assert picture_path(order.folder).read_bytes() == (
        picture_path(whole.order.folder).read_bytes()
    )


def test_a_worker_that_cannot_paint_says_why(tmp_path: Path, follow: Follow) -> None:
    order = new_painting_order(tmp_path / "painting", style_layers="no")
    painting = follow(StylizeClient(order))
    painting.poll_to_the_end()
    ending = painting.client.ending
    assert isinstance(ending, Failed) and "there is no layer no" in ending.sentence
    assert iterations(painting.heard) == []


def test_without_torch_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stylize_client, "is_installed", lambda extra: False)
    with pytest.raises(LichenError, match="style transfer needs the 'train' extra"):
        StylizeClient(new_painting_order(tmp_path / "painting"))
