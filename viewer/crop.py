"""Where a picture is cropped, and how dragging a grip changes that; all in shares, 0 to 1."""

from dataclasses import dataclass

from training.order import Crop

Point = tuple[float, float]


@dataclass(frozen=True)
class Grip:
    """What a drag moves: some of the four edges, or the corner that sets the scale."""

    left: bool = False
    top: bool = False
    right: bool = False
    bottom: bool = False
    scale: bool = False


INSIDE = Grip(left=True, top=True, right=True, bottom=True)
SCALE = Grip(scale=True)


def find_grip(crop: Crop, point: Point, reach: Point) -> Grip | None:
    """What of a crop lies within reach of a point: a corner, an edge, its inside, or nothing."""
    left, top, right, bottom = crop
    x, y = point
    if not (left - reach[0] <= x <= right + reach[0] and top - reach[1] <= y <= bottom + reach[1]):
        return None
    near_left, near_right = abs(x - left) <= reach[0], abs(x - right) <= reach[0]
    near_top, near_bottom = abs(y - top) <= reach[1], abs(y - bottom) <= reach[1]
    grip = Grip(
        left=near_left and not (near_right and x > (left + right) / 2),
        right=near_right and not (near_left and x <= (left + right) / 2),
        top=near_top and not (near_bottom and y > (top + bottom) / 2),
        bottom=near_bottom and not (near_top and y <= (top + bottom) / 2),
    )
    return INSIDE if grip == Grip() else grip


def dragged(crop: Crop, grip: Grip, move: Point, smallest: Point) -> Crop:
    """The crop after a drag; it stays within the picture and keeps its smallest sides."""
    left, top, right, bottom = crop
    left, right = _drag_sides(left, right, grip.left, grip.right, move[0], min(smallest[0], 1))
    top, bottom = _drag_sides(top, bottom, grip.top, grip.bottom, move[1], min(smallest[1], 1))
    return left, top, right, bottom


def _drag_sides(
    low: float, high: float, moves_low: bool, moves_high: bool, move: float, smallest: float
) -> tuple[float, float]:
    """Drag one end of an interval within 0 to 1, both, or none."""
    if moves_low and moves_high:
        move = min(max(move, -low), 1 - high)
        return low + move, high + move
    if moves_low:
        low = min(max(low + move, 0.0), max(high - smallest, 0.0))
    if moves_high:
        high = max(min(high + move, 1.0), min(low + smallest, 1.0))
    return low, high
