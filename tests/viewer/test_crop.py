"""Grips of a crop, and what dragging them does."""

import pytest

from training.learnt_part import Size, box_size, learnt_box
from viewer.crop import INSIDE, Grip, dragged, find_grip, largest_crop

CROP = (0.2, 0.3, 0.8, 0.7)
REACH, SIZE = (0.05, 0.05), (320, 320)
EDGES = ("left", "top", "right", "bottom")


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


def test_a_narrow_crop_still_has_both_edges_and_an_inside() -> None:
    narrow = (0.5, 0.0, 0.52, 1.0)
    assert find_grip(narrow, (0.49, 0.5), REACH) == Grip(left=True)
    assert find_grip(narrow, (0.53, 0.5), REACH) == Grip(right=True)
    assert find_grip(narrow, (0.51, 0.5), REACH) == INSIDE


@pytest.mark.parametrize(
    ("grip", "move", "expected"),
    [
        (Grip(left=True), (0.1, 0.1), (0.3, 0.3, 0.8, 0.7)),
        (Grip(right=True, bottom=True), (0.1, -0.05), (0.2, 0.3, 0.9, 0.65)),
        (Grip(left=True), (-0.9, 0.0), (0.0, 0.3, 0.8, 0.7)),
        (Grip(left=True), (0.35, 0.0), (0.55, 0.3, 0.8, 0.7)),
        (Grip(left=True, bottom=True), (0.9, -0.9), (0.7, 0.3, 0.8, 0.4)),
        (INSIDE, (0.1, -0.9), (0.3, 0.0, 0.9, 0.4)),
        (INSIDE, (0.9, 0.0), (0.4, 0.3, 1.0, 0.7)),
        (Grip(scale=True), (0.3, 0.3), CROP),
    ],
)
def test_a_drag_stays_within_the_picture(
    grip: Grip, move: tuple[float, float], expected: tuple[float, ...]
) -> None:
    assert dragged(CROP, grip, move, SIZE) == pytest.approx(expected)


def test_a_picture_smaller_than_the_smallest_crop_keeps_its_whole() -> None:
    assert dragged((0, 0, 1, 1), Grip(left=True), (0.5, 0), (20, 20)) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("grip", "move", "expected"),
    [
        # What is dragged too far stops at 2:1.
        (Grip(right=True), (0.3, 0.0), (0.2, 0.4, 0.6, 0.6)),
        (Grip(left=True), (-0.15, 0.0), (0.1, 0.4, 0.5, 0.6)),
        (Grip(top=True, right=True), (0.2, 0.1), (0.2, 0.5, 0.4, 0.6)),
        # The other two edges follow where a crop becomes too low for them.
        (Grip(bottom=True), (0.0, -0.1), (0.25, 0.4, 0.45, 0.5)),
    ],
)
def test_a_crop_is_never_longer_than_what_is_learnt(
    grip: Grip, move: tuple[float, float], expected: tuple[float, ...]
) -> None:
    assert dragged((0.2, 0.4, 0.5, 0.6), grip, move, SIZE) == pytest.approx(expected)


@pytest.mark.parametrize("size", [(2000, 40), (64, 64), (333, 1000), (641, 479)])
def test_wherever_it_is_dragged_all_of_it_is_learnt(size: Size) -> None:
    crop = largest_crop(size)
    for step in range(200):
        grip = Grip(**dict.fromkeys({EDGES[step % 4], EDGES[step * 7 // 5 % 4]}, True))
        move = (step * 37 % 101 / 101 - 0.5) / 3, (step * 53 % 103 / 103 - 0.5) / 3
        crop = dragged(crop, grip, move, size)
        left, top, right, bottom = crop
        shown = (right - left) * size[0], (bottom - top) * size[1]
        assert box_size(learnt_box(size, crop)) == pytest.approx(shown, abs=2)


@pytest.mark.parametrize("size", [(640, 480), (64, 64), (400, 200)])
def test_of_a_usual_picture_all_is_learnt(size: Size) -> None:
    assert largest_crop(size) == (0, 0, 1, 1)
