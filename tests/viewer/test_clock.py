"""Steps a second are kept whatever the frames a second are, and never spiral."""

import pytest

from viewer.clock import LONGEST_COMFORTABLE_FRAME_SECONDS, RateMeter, StepClock


@pytest.mark.parametrize("frames_per_second", [30, 60, 144])
@pytest.mark.parametrize("steps_per_second", [7, 60, 240])
def test_the_rate_is_kept_at_any_frame_rate(frames_per_second: int, steps_per_second: int) -> None:
    clock = StepClock()
    for _ in range(5 * frames_per_second):
        clock.steps_due(1 / frames_per_second, steps_per_second)
    made = sum(
        clock.steps_due(1 / frames_per_second, steps_per_second)
        for _ in range(10 * frames_per_second)
    )
    assert made == pytest.approx(10 * steps_per_second, rel=0.01)


def test_a_slow_machine_makes_fewer_steps_not_endless_frames() -> None:
    clock, step_seconds, frame_seconds = StepClock(), 0.03, 1 / 60
    frames = []
    for _ in range(500):
        frame_seconds = 0.005 + step_seconds * clock.steps_due(frame_seconds, 1000)
        frames.append(frame_seconds)
    assert max(frames[10:]) < 3 * LONGEST_COMFORTABLE_FRAME_SECONDS
    assert sum(frames) / len(frames) < LONGEST_COMFORTABLE_FRAME_SECONDS


def test_a_machine_slower_than_a_frame_still_steps() -> None:
    clock = StepClock()
    assert [clock.steps_due(0.3, 60) for _ in range(4)] == [1, 1, 1, 1]


def test_one_long_frame_is_not_caught_up() -> None:
    clock = StepClock()
    for _ in range(60):
        clock.steps_due(1 / 60, 60)
    assert clock.steps_due(2.0, 60) <= 1
    assert clock.steps_due(1 / 60, 60) <= 2


def test_reset_forgets_what_is_owed() -> None:
    clock = StepClock()
    clock.steps_due(0.03, 30)
    clock.reset()
    assert clock.steps_due(0.01, 30) == 0


def test_the_meter_tells_means_and_the_worst() -> None:
    meter = RateMeter()
    for seconds, steps in [(9.0, 9), (0.5, 1), (0.5, 3), (0.7, 1)]:
        meter.record(seconds, steps)
    assert meter.frames_per_second == pytest.approx(3 / 1.7)
    assert meter.steps_per_second == pytest.approx(5 / 1.7)
    assert meter.longest_frame_seconds == 0.7


def test_an_empty_meter_reads_zero() -> None:
    meter = RateMeter()
    assert (meter.frames_per_second, meter.steps_per_second) == (0, 0)
    assert meter.longest_frame_seconds == 0
