"""Where a click on a picture lies in the frame that is cut out of it."""

import pytest

from viewer.dream_aim import to_aim, to_cells

WIDE, SQUARE = (400, 200), (100, 100)


@pytest.mark.parametrize("aim", [(0.0, 0.0), (0.5, 0.5), (0.3, 0.9)])
@pytest.mark.parametrize(("frame", "picture"), [(SQUARE, WIDE), (WIDE, SQUARE), (WIDE, WIDE)])
def test_there_and_back(
    aim: tuple[float, float], frame: tuple[int, int], picture: tuple[int, int]
) -> None:
    assert to_aim(to_cells(aim, frame, picture), frame, picture) == pytest.approx(aim)


def test_a_square_frame_is_the_middle_half_of_a_wide_picture() -> None:
    assert to_cells((0.0, 0.0), SQUARE, WIDE) == (100, 0)
    assert to_cells((1.0, 1.0), SQUARE, WIDE) == (300, 200)


def test_outside_the_frame_its_edge_is_aimed_at_and_the_grid_wraps() -> None:
    assert to_aim((40, 100), SQUARE, WIDE) == (0.0, 0.5)
    assert to_aim((390, 100), SQUARE, WIDE) == (1.0, 0.5)
    assert to_aim((200 + 400, 50 - 200), SQUARE, WIDE) == (0.5, 0.25)
