"""Undo brings back the last twenty states, in order."""

import numpy as np

from viewer.history import LARGEST_HISTORY, History


def state(value: float) -> np.ndarray:
    return np.full((4, 3, 5), value, np.float32)


def test_undo_returns_the_newest_first() -> None:
    history = History()
    history.record(state(1.0))
    history.record(state(2.0))
    first, second = history.undo(), history.undo()
    assert first is not None and second is not None
    np.testing.assert_array_equal(first, state(2.0))
    np.testing.assert_array_equal(second, state(1.0))
    assert first.dtype == np.float32
    assert history.undo() is None


def test_only_the_last_twenty_are_kept() -> None:
    history = History()
    for value in range(25):
        history.record(state(value))
    assert len(history) == LARGEST_HISTORY == 20
    oldest = [history.undo() for _ in range(20)][-1]
    assert oldest is not None and oldest[0, 0, 0] == 5


def test_a_recorded_state_is_a_copy() -> None:
    history, grid = History(), state(1.0)
    history.record(grid)
    grid[:] = 7
    restored = history.undo()
    assert restored is not None and restored.max() == 1


def test_runaway_values_stay_finite() -> None:
    history = History()
    history.record(state(1e20))
    restored = history.undo()
    assert restored is not None and np.isfinite(restored).all()


def test_clear_forgets() -> None:
    history = History()
    history.record(state(1.0))
    history.clear()
    assert history.undo() is None


def test_undoing_and_recording_may_alternate() -> None:
    history = History()
    for value in range(23):
        history.record(state(value))
    for _ in range(2):
        history.undo()
    history.record(state(100.0))
    assert len(history) == 19
    values = []
    while (restored := history.undo()) is not None:
        values.append(restored[0, 0, 0])
    assert values == [100, *range(20, 2, -1)]


def test_another_shape_starts_over() -> None:
    history = History()
    history.record(state(1.0))
    history.record(np.zeros((3, 2, 2), np.float32))
    assert len(history) == 1
