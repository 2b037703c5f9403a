"""The painting worker: what it tells, its pauses and stops, and that nothing is lost by them."""

import io
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from painting_orders import HEIGHT, WIDTH, new_painting_order
from painting_worker import at_iteration, carry_out, iterations, painted
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.endings import Failed, Finished, Stopped
from training.frames import Hello, Log, Pause
from training.stylize import messenger
from training.stylize.control import Control
from training.stylize.painting_files import checkpoint_path, picture_path
from training.stylize.protocol import IterationDone, Message, PictureMade, State


def shown(told: list[Message]) -> list[PictureMade]:
    return [message for message in told if isinstance(message, PictureMade)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The picture of a painting that nothing interrupted."""
    order = new_painting_order(tmp_path_factory.mktemp("whole") / "painting")
    assert carry_out(order)[-1] == Finished()
    return painted(order)


def test_a_painting_is_told_from_the_order_to_the_end(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order)
    assert told[0] == State("preparing")
    assert all(isinstance(message, Log) for message in told[1:3])
    assert "Lichen's own eye" in told[1].text and "Lichen's own eye" in told[2].text
    assert told[3] == State("painting")
    assert iterations(told) == [1, 2, 3, 4, 5, 6]
    done = [message for message in told if isinstance(message, IterationDone)]
    assert {message.iterations for message in done} == {6}
    assert done[-1].loss < done[0].loss
    assert done[0].remaining_seconds > 0 and done[-1].remaining_seconds == 0
    first, *_, last = shown(told)
    assert first.iteration == 0 and last.iteration == 6
    assert isinstance(told[-2], PictureMade) or iterations(told[-2:-1]) == [6]
    assert told[-1] == Finished()
    picture = np.asarray(Image.open(io.BytesIO(last.payload)))
    assert np.array_equal(picture, load_picture(picture_path(order.folder)))
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert painted(order) == whole
    assert not checkpoint_path(order.folder).exists()


def test_what_was_stopped_goes_on_to_the_same_picture(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order, at_iteration(2, "stop"))
    assert iterations(told) == [1, 2]
    assert told[-1] == Stopped()
    assert shown(told)[-1].iteration == 2
    so_far = np.asarray(Image.open(io.BytesIO(shown(told)[-1].payload)))
    assert np.array_equal(so_far, load_picture(picture_path(order.folder)))
    assert checkpoint_path(order.folder).exists()

    moved = order.folder.rename(tmp_path / "moved")
    order = replace(order, folder=moved, device="cpu")
    told = carry_out(order)
    assert Log("resumed at iteration 2") in told
    assert shown(told)[0].iteration == 2
    assert iterations(told) == [3, 4, 5, 6]
    assert told[-1] == Finished()
    assert painted(order) == whole
    assert not checkpoint_path(order.folder).exists()


def test_a_pause_keeps_everything_and_holds(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    kept: list[bool] = []

    def react(message: Message, control: Control) -> None:
        match message:
            case IterationDone(2):
                control.ask("pause")
            case State("paused"):
                kept.append(checkpoint_path(order.folder).exists())
                threading.Timer(0.3, lambda: control.ask("paint")).start()

    told = carry_out(order, react)
    paused = told.index(State("paused"))
    assert iterations(told[:paused]) == [1, 2]
    assert shown(told[:paused])[-1].iteration == 2
    assert told[paused + 1] == State("painting")
    assert kept == [True]
    assert painted(order) == whole


def test_a_pause_before_the_first_iteration_and_an_end_of_it(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting")

    def react(message: Message, control: Control) -> None:
        if message == State("preparing"):
            control.ask("pause")
        elif message == State("paused"):
            control.ask("stop")

    told = carry_out(order, react)
    assert told[-1] == Stopped() and not iterations(told)
    assert told.count(State("painting")) == 1


def test_pictures_are_few_and_never_too_large_to_send(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "PICTURE_SECONDS", 1000.0)
    monkeypatch.setattr(messenger, "LARGEST_SENT_SIDE_PIXELS", 24)
    order = new_painting_order(tmp_path / "painting")
    pictures = shown(carry_out(order))
    assert [picture.iteration for picture in pictures] == [0, 6]
    assert Image.open(io.BytesIO(pictures[0].payload)).size == (24, 20)
    assert load_picture(picture_path(order.folder)).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("words", [b"", b"nonsense, and much of it"])
def test_a_window_that_hangs_up_or_talks_nonsense_ends_it_with_all_kept(
    tmp_path: Path, words: bytes
) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=100_000)

    def react(message: Message, control: Control) -> None:
        if isinstance(message, IterationDone) and message.iteration == 2:
            control.listen(io.BytesIO(words))

    told = carry_out(order, react)
    assert iterations(told) == [1, 2]
    assert isinstance(told[-1], Failed if words else Stopped)
    assert not words or "cannot be understood" in told[-1].sentence
    assert checkpoint_path(order.folder).exists() and picture_path(order.folder).exists()


def test_only_wishes_have_a_place() -> None:
    control = Control(lambda: None)
    with pytest.raises(LichenError, match="a Hello has no place here"):
        control.obey(Hello(1))
    control.obey(Pause())
    assert control.wish == "pause"
