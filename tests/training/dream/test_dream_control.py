"""The window's wishes as a dream hears them."""

import io
import threading

import pytest

from training.dream import control as control_module
from training.dream.control import Control, Wish
from training.dream.dreamer import Interrupted
from training.dream.protocol import Message, State, ToWindow, encode_message
from training.endings import Stop
from training.frames import Continue, Hello, Pause


class Listener:
    """A control, what it told, and whether it cut somebody off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(control_module, "PATIENCE_SECONDS", 0.01)
        self.told: list[ToWindow] = []
        self.cut_off = threading.Event()
        self.control = Control(self.told.append, self.cut_off.set)

    def hear(self, *messages: Message, tail: bytes = b"") -> None:
        self.control.listen(io.BytesIO(b"".join(map(encode_message, messages)) + tail))


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Listener:
    return Listener(monkeypatch)


@pytest.mark.parametrize("messages", [[], [Pause()], [Stop()], [Stop(), Continue()]])
def test_whoever_hangs_up_or_stops_wants_the_end(
    listener: Listener, messages: list[Message]
) -> None:
    listener.hear(*messages)
    assert listener.control.wish == "stop" and listener.control.should_stop()
    assert listener.cut_off.wait(10)
    assert listener.control.complaint is None
    with pytest.raises(Interrupted):
        listener.control.check()


@pytest.mark.parametrize("tail", [b"nonsense, and much of it", encode_message(Hello(1))])
def test_garbled_words_count_as_hanging_up(listener: Listener, tail: bytes) -> None:
    listener.hear(tail=tail)
    assert listener.control.wish == "stop"
    assert listener.control.complaint is not None


def test_a_pause_shows_at_once_and_hides_what_goes_on_behind_it(listener: Listener) -> None:
    control = listener.control
    control.enter("preparing")
    control.obey(Pause())
    control.enter("dreaming")
    control.obey(Continue())
    assert listener.told == [State("preparing"), State("paused"), State("dreaming")]


@pytest.mark.parametrize(("wish", "goes_on"), [("work", True), ("stop", False)])
def test_a_pause_lasts_until_the_next_wish(listener: Listener, wish: Wish, goes_on: bool) -> None:
    ended_well: list[bool] = []

    def work() -> None:
        try:
            listener.control.check()
            ended_well.append(True)
        except Interrupted:
            ended_well.append(False)

    listener.control.ask("pause")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    listener.control.ask(wish)
    thread.join(10)
    assert ended_well == [goes_on]
