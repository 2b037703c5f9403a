"""Keyframe schedules: Deforum's meaning, and nothing but arithmetic."""

import math

import pytest

from exporters.errors import LichenError
from training.dream.schedule import Schedule


def values(text: str | float, frame_count: int) -> list[float]:
    return [Schedule(text).at(frame, frame_count) for frame in range(frame_count)]


def test_one_number_holds_for_all_frames() -> None:
    assert values(1.02, 3) == [1.02, 1.02, 1.02]
    assert values("-0.5", 2) == [-0.5, -0.5]


def test_numbers_are_interpolated() -> None:
    assert values("0: (1), 4: (3)", 6) == pytest.approx([1, 1.5, 2, 2.5, 3, 3])
    assert values("2: 5", 4) == [5, 5, 5, 5]
    assert values("4: (3), 0: (1)", 5) == pytest.approx([1, 1.5, 2, 2.5, 3])


def test_formulas_hold_until_the_next_keyframe() -> None:
    text = "0: (1.02), 60: (1.02+0.02*sin(2*3.14*t/30))"
    schedule = Schedule(text)
    assert schedule.at(67, 100) == pytest.approx(1.02 + 0.02 * math.sin(2 * 3.14 * 67 / 30))
    assert values("0: (t*2), 3: (1)", 5) == [0, 2, 4, 1, 1]


def test_formulas_know_the_frame_and_the_length() -> None:
    assert values("0: (max(t, 2) / max_f + pi * 0)", 4) == pytest.approx([0.5, 0.5, 0.5, 0.75])
    assert values("0: (-(2 ** 3) % 5)", 1) == [2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0: (1.02", "open at its end"),
        ("0: 1), 3: 2", "never opened .at character 5"),
        ("0: (1) 3: (2)", "no formula"),
        ("0: (1), then: (2)", "go on with a frame .* .at character 8"),
        ("0: (1), 0: (2)", "frame 0 twice"),
        ("0: (sin(u))", "uses 'u'.*character 6"),
        ("0: ()", "no formula|alone"),
        ("", "no formula"),
        ("0: (__import__('os').system('true'))", "alone"),
        ("0: (t.real)", "alone"),
        ("0: ([1][0])", "alone"),
        ("0: (lambda: 1)", "open|alone|no formula"),
        ("0: (True)", "alone"),
        ("0: (sin())", "alone"),
        ("(" * 400 + "1" + ")" * 400, "characters|no formula|no finite"),
        ("0: (" + "1+" * 300 + "1)", "characters"),
        ("0: (1)," * 9000, "characters"),
    ],
)
def test_mistakes_say_where(text: str, sentence: str) -> None:
    with pytest.raises(LichenError, match=sentence) as complaint:
        Schedule(text).at(0, 10)
    assert "\n" not in str(complaint.value) and len(str(complaint.value)) < 700


@pytest.mark.parametrize("text", ["1/0", "1/(t-3)", "9**9**9**9", "log(-1)", "sqrt(2, 3)", "1e999"])
def test_what_has_no_value_is_one_sentence(text: str) -> None:
    with pytest.raises(LichenError, match="no finite value at t = 3"):
        Schedule(text).at(3, 10)
