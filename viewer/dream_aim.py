"""Where a dream moves towards, in its frame and in the picture that it begins with.

A frame is the middle of that picture. The aim is a share of the frame's width and height from its
top left corner; cells, or pixels, are the picture's. Sizes are (width, height).
"""

Place = tuple[float, float]
Size = tuple[int, int]


def to_cells(aim: Place, frame_size: Size, picture_size: Size) -> Place:
    """Where in the picture a place of the frame lies."""
    x, y = (
        side * (0.5 + (share - 0.5) * taken)
        for share, side, taken in zip(
            aim, picture_size, _taken(frame_size, picture_size), strict=True
        )
    )
    return x, y


def to_aim(cells: Place, frame_size: Size, picture_size: Size) -> Place:
    """The opposite; the picture wraps, and what lies outside the frame becomes its edge."""
    x, y = (
        min(max(0.5 + (place % side / side - 0.5) / taken, 0.0), 1.0)
        for place, side, taken in zip(
            cells, picture_size, _taken(frame_size, picture_size), strict=True
        )
    )
    return x, y


def _taken(frame_size: Size, picture_size: Size) -> tuple[float, float]:
    """How much of the picture's width and height the frame takes."""
    frame_aspect = frame_size[0] / frame_size[1]
    picture_aspect = picture_size[0] / picture_size[1]
    return min(1.0, frame_aspect / picture_aspect), min(1.0, picture_aspect / frame_aspect)
