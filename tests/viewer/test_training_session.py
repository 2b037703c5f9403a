"""What the panel says about a training, from the worker's messages alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from training.frames import Log
from training.protocol import (
    Advanced,
    CheckAdvanced,
    Failed,
    Finished,
    PoolPictures,
    RolledBack,
    Snapshot,
    State,
    Stopped,
)
from viewer.training_client import Event, WorkerDied
from viewer.training_session import LARGEST_HISTORY, TrainingSession, time_left


def snapshot(iteration: int) -> Snapshot:
    return Snapshot(iteration, 1.0, b"")


def session_after(*events: Event) -> TrainingSession:
    session = TrainingSession()
    for event in events:
        session.take(event)
    return session


def iterations(session: TrainingSession) -> list[int]:
    return [each.iteration for each in session.milestones]


def test_it_keeps_the_newest_of_everything() -> None:
    progress = [Advanced(n, 0.5, 0.1, 1.0, 9.0, 4.0) for n in (1, 2)]
    pictures = PoolPictures(2, b"pictures")
    session = session_after(State("training"), *progress, pictures, Log("loss: ot"))
    assert session.phase == "training" and session.status == "Learning"
    assert session.progress is progress[1]
    assert session.pool_pictures is pictures
    assert session.note == "loss: ot"
    assert session.shown is None


@pytest.mark.parametrize(
    ("ending", "status", "has_failed"),
    [
        (Finished(Path("a.safetensors"), ""), "Finished", False),
        (Finished(Path("a.safetensors"), "stable"), "stable", False),
        (Stopped(), "Stopped", False),
        (Failed("the disk is full.", True), "the disk is full.", True),
        (WorkerDied("it was killed.", True), "it was killed.", True),
    ],
)
def test_an_ending_says_what_happened(ending: Event, status: str, has_failed: bool) -> None:
    session = session_after(State("training"), ending)
    assert (session.status, session.has_failed) == (status, has_failed)
    session.begin_again()
    assert session.status == "Getting ready..." and not session.has_failed


def test_a_check_is_told_until_it_is_over() -> None:
    session = session_after(State("checking"))
    assert session.status == "Checking what was learnt..."
    check = CheckAdvanced(2, 3, "from noise, 48x48, 0 steps", 0.5)
    session.take(check)
    assert session.check == check and session.status == "Checking candidate 2 of 3"
    session.take(replace(check, candidate=0))
    assert session.status == "Drawing its picture"
    session.take(WorkerDied("it was killed.", True))
    assert session.status == "it was killed."
    session.begin_again()
    assert session.check is None and session.status == "Getting ready..."


def test_what_a_training_has_come_to_is_known_from_what_it_passed() -> None:
    session = session_after(State("training"), snapshot(1), snapshot(2))
    assert not session.shows_outcome
    session.take(State("checking"))
    assert session.shows_outcome
    session.look_back(0)
    assert not session.shows_outcome
    session.look_back(None)
    session.take(Finished(Path("a.safetensors"), "stable"))
    assert session.shows_outcome


def test_a_roll_back_is_told() -> None:
    assert "back to iteration 1,200" in session_after(RolledBack(1200)).note


def test_the_newest_snapshot_is_shown_until_one_looks_back() -> None:
    session = session_after(snapshot(1), snapshot(2), snapshot(3))
    assert session.shown is session.milestones[2]
    session.look_back(0)
    session.take(snapshot(4))
    assert session.shown is session.milestones[0]
    session.look_back(3)
    session.take(snapshot(5))
    assert session.looked_back is None and session.shown is session.milestones[4]


def test_a_training_that_went_back_takes_later_milestones_along() -> None:
    session = session_after(snapshot(10), snapshot(20), snapshot(30))
    session.look_back(1)
    session.take(snapshot(20))
    assert iterations(session) == [10, 20]
    assert session.looked_back is None


def test_a_long_history_is_thinned_out_but_keeps_what_is_looked_at() -> None:
    session = session_after(*map(snapshot, range(LARGEST_HISTORY)))
    session.look_back(3)
    session.take(snapshot(LARGEST_HISTORY))
    assert len(session.milestones) <= LARGEST_HISTORY / 2 + 3
    assert session.shown is not None and session.shown.iteration == 3
    assert iterations(session)[-1] == LARGEST_HISTORY
    assert iterations(session) == sorted(iterations(session))


def test_times_are_said_as_people_say_them() -> None:
    assert [time_left(seconds) for seconds in (0.0, 42.0, 200.0, 9000.0)] == [
        "1 s left",
        "42 s left",
        "3 min left",
        "2.5 h left",
    ]
