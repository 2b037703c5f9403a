"""Where a picture is cropped, and how dragging a grip changes that; all in shares, 0 to 1."""

from dataclasses import dataclass

from training.learnt_part import LARGEST_ASPECT, SMALLEST_SIDE_PIXELS, Size, learnt_box
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

    @property
    def is_corner(self) -> bool:
        """Whether it moves two edges that meet."""
        return self.left != self.right and self.top != self.bottom


INSIDE = Grip(left=True, top=True, right=True, bottom=True)
SCALE = Grip(scale=True)


def largest_crop(picture_size: Size) -> Crop:
    """As much of a picture as can be learnt."""
    width, height = picture_size
    left, top, right, bottom = learnt_box(picture_size)
    return left / width, top / height, right / width, bottom / height


def find_grip(crop: Crop, point: Point, reach: Point) -> Grip | None:
    """What of a crop lies within reach of a point: a corner, an edge, its inside, or nothing.

    However small a crop is, the inner half of either side is its inside.
    """
    left, top, right, bottom = crop
    x, y = point
    if not (left - reach[0] <= x <= right + reach[0] and top - reach[1] <= y <= bottom + reach[1]):
        return None
    inward = min(reach[0], (right - left) / 4), min(reach[1], (bottom - top) / 4)
    grip = Grip(
        left=x <= left + inward[0],
        right=x >= right - inward[0],
        top=y <= top + inward[1],
        bottom=y >= bottom - inward[1],
    )
    return INSIDE if grip == Grip() else grip


def dragged(crop: Crop, grip: Grip, move: Point, picture_size: Size) -> Crop:
    """The crop after a drag; it stays within the picture, and neither too small nor too long."""
    width, height = picture_size
    left, top, right, bottom = crop
    narrowest, lowest = (min(SMALLEST_SIDE_PIXELS / side, 1) for side in picture_size)
    left, right = _drag_sides(left, right, grip.left, grip.right, move[0], narrowest)
    top, bottom = _drag_sides(top, bottom, grip.top, grip.bottom, move[1], lowest)
    widest = LARGEST_ASPECT * (bottom - top) * height / width
    highest = LARGEST_ASPECT * (right - left) * width / height
    left, right = _shorten(left, right, grip.left, grip.right, widest)
    top, bottom = _shorten(top, bottom, grip.top, grip.bottom, highest)
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


def _shorten(
    low: float, high: float, moves_low: bool, moves_high: bool, longest: float
) -> tuple[float, float]:
    """Take what is too much from the end that is dragged; else half of it from either."""
    excess = max(high - low - longest, 0.0)
    taken_low = excess * (1 + moves_low - moves_high) / 2
    return low + taken_low, high - (excess - taken_low)
