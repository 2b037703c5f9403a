"""Grips of a crop, and what dragging them does."""

import pytest

from viewer.crop import INSIDE, Grip, dragged, find_grip

CROP = (0.2, 0.3, 0.8, 0.7)
REACH, SMALLEST = (0.05, 0.05), (0.1, 0.1)


@pytest.mark.parametrize(
    ("point", "grip"),
    [
        ((0.5, 0.5), INSIDE),
        ((0.21, 0.5), Grip(left=True)),
        ((0.5, 0.74), Grip(bottom=True)),
        ((0.18, 0.28), Grip(left=True, top=True)),
        ((0.83, 0.68), Grip(right=True, bottom=True)),
        ((0.9, 0.5), None),
        ((0.5, 0.1), None),
    ],
)
def test_the_nearest_grip_is_found(point: tuple[float, float], grip: Grip | None) -> None:
    assert find_grip(CROP, point, REACH) == grip


def test_a_narrow_crop_still_has_both_edges() -> None:
    narrow = (0.5, 0.0, 0.52, 1.0)
    assert find_grip(narrow, (0.49, 0.5), REACH) == Grip(left=True)
    assert find_grip(narrow, (0.53, 0.5), REACH) == Grip(right=True)


@pytest.mark.parametrize(
    ("grip", "move", "expected"),
    [
        (Grip(left=True), (0.1, 0.1), (0.3, 0.3, 0.8, 0.7)),
        (Grip(right=True, bottom=True), (0.1, -0.1), (0.2, 0.3, 0.9, 0.6)),
        (Grip(left=True), (-0.9, 0.0), (0.0, 0.3, 0.8, 0.7)),
        (Grip(left=True), (0.9, 0.0), (0.7, 0.3, 0.8, 0.7)),
        (Grip(bottom=True), (0.0, -0.9), (0.2, 0.3, 0.8, 0.4)),
        (INSIDE, (0.1, -0.9), (0.3, 0.0, 0.9, 0.4)),
        (INSIDE, (0.9, 0.0), (0.4, 0.3, 1.0, 0.7)),
        (Grip(scale=True), (0.3, 0.3), CROP),
    ],
)
def test_a_drag_stays_within_the_picture(
    grip: Grip, move: tuple[float, float], expected: tuple[float, ...]
) -> None:
    assert dragged(CROP, grip, move, SMALLEST) == pytest.approx(expected)


def test_a_picture_smaller_than_the_smallest_crop_keeps_its_whole() -> None:
    assert dragged((0, 0, 1, 1), Grip(left=True), (0.5, 0), (1.5, 1.5)) == (0, 0, 1, 1)
