"""What of a picture a texture learns: free of torch, so that a window can show it."""

from training.order import WHOLE_PICTURE, Crop

# Width and height.
Size = tuple[int, int]
# Left, top, right and bottom in pixels.
Box = tuple[int, int, int, int]

SMALLEST_SIDE_PIXELS = 32
LARGEST_ASPECT = 2


def learnt_box(picture_size: Size, crop: Crop = WHOLE_PICTURE) -> Box:
    """What a crop leaves of a picture; where that is longer than 2:1, its two ends are lost."""
    width, height = picture_size
    left, right = round(crop[0] * width), round(crop[2] * width)
    top, bottom = round(crop[1] * height), round(crop[3] * height)
    longest = LARGEST_ASPECT * min(right - left, bottom - top)
    left, right = _without_ends(left, right, longest)
    top, bottom = _without_ends(top, bottom, longest)
    return left, top, right, bottom


def box_size(box: Box) -> Size:
    """Its width and height in pixels."""
    left, top, right, bottom = box
    return right - left, bottom - top


def learnt_size(size: Size, side_cells: int) -> Size:
    """The cells that so many pixels become: the shorter side is scaled down to `side_cells`.

    What is smaller is not enlarged, since that would teach blur.
    """
    scale = min(1.0, side_cells / min(size))
    width, height = size
    return max(1, round(width * scale)), max(1, round(height * scale))


def _without_ends(low: int, high: int, longest: int) -> tuple[int, int]:
    length = min(high - low, longest)
    low += (high - low - length) // 2
    return low, low + length
