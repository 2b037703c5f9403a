"""The window's wishes as the training hears them."""

import io
import threading

import pytest

from training.control import Control, Wish
from training.frames import Continue, Hello, Pause
from training.protocol import Detach, Message, Stop, encode_message


def heard(*messages: Message, tail: bytes = b"") -> tuple[Control, list[str]]:
    """A training under way that has heard these and then the end of the stream."""
    calls: list[str] = []
    control = Control(lambda: calls.append("detach"), lambda: calls.append("early end"))
    control.begin()
    control.listen(io.BytesIO(b"".join(map(encode_message, messages)) + tail))
    return control, calls


@pytest.mark.parametrize(
    ("messages", "wish"),
    [
        ([], "leave"),
        ([Pause()], "leave"),
        ([Stop(keep=True)], "finish"),
        ([Stop(keep=False)], "discard"),
        ([Stop(keep=False), Continue()], "discard"),
        ([Pause(), Detach()], "train"),
        ([Stop(keep=True), Detach()], "finish"),
    ],
)
def test_wishes(messages: list[Message], wish: Wish) -> None:
    assert heard(*messages)[0].wish == wish


def test_a_window_that_detached_may_hang_up() -> None:
    control, calls = heard(Detach(), Stop(keep=False))
    assert (control.wish, calls) == ("train", ["detach"])


@pytest.mark.parametrize("tail", [b"nonsense, and much of it", encode_message(Hello(1))])
def test_garbled_words_count_as_hanging_up(tail: bytes) -> None:
    control, _ = heard(Pause(), tail=tail)
    assert control.wish == "leave"
    assert control.complaint is not None


def test_an_end_before_the_beginning_comes_at_once() -> None:
    calls: list[str] = []
    control = Control(lambda: None, lambda: calls.append("early end"))
    control.ask("pause")
    assert calls == []
    control.ask("finish")
    assert calls == ["early end"]


def test_going_on_ends_a_pause() -> None:
    control, _ = heard(Pause(), Continue(), Detach())
    assert control.wish == "train"


def test_a_pause_lasts_until_the_next_wish() -> None:
    control = Control(lambda: None, lambda: None)
    control.begin()
    control.ask("pause")
    waiting = threading.Thread(target=control.wait_while_paused)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    control.ask("train")
    waiting.join(10)
    assert not waiting.is_alive()
