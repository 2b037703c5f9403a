"""What the panel is told of a dream, from its messages alone."""

from training.dream.protocol import FrameMade, State
from training.endings import Failed, Finished, Stopped
from training.frames import Log
from viewer.dream_session import DreamSession
from viewer.worker_client import WorkerDied


def test_a_dream_from_its_beginning_to_its_end() -> None:
    session = DreamSession(4)
    assert session.status.startswith("Growing") and session.ending is None
    session.take(State("dreaming"))
    session.take(Log("patch dreamer"))
    session.take(FrameMade(1, 4, 0.25, 0.5))
    assert (session.made_count, session.status, session.note) == (2, "Dreaming", "patch dreamer")
    assert not session.is_whole
    session.take(FrameMade(3, 4, 0.25, 0.0))
    session.take(Finished())
    assert session.is_whole and session.status == "Finished"


def test_one_that_is_opened_again_tells_how_far_it_came() -> None:
    assert DreamSession(9, made_count=9, has_ended=True).status == "Finished"
    session = DreamSession(9, made_count=4, has_ended=True)
    assert session.status == "Stopped after 4 of 9 frames"
    session.begin_again()
    assert session.ending is None and session.status == "Getting ready..."


def test_pausing_and_going_on_is_told() -> None:
    session = DreamSession(9)
    session.take(State("paused"))
    session.begin_again()
    assert session.status == "Paused"
    session.take(State("dreaming"))
    assert session.status == "Dreaming"


def test_failures_are_told_as_they_are() -> None:
    for ending in (Failed("the disk is full."), WorkerDied("it was killed.")):
        session = DreamSession(9)
        session.take(FrameMade(2, 9, 1.0, 6.0))
        session.take(ending)
        assert session.has_failed and session.status == ending.sentence
        assert session.made_count == 3
    assert not DreamSession(9, has_ended=True).has_failed
    stopped = DreamSession(9)
    stopped.take(Stopped())
    assert not stopped.has_failed
