"""The brush: how drags become strokes, and how it grows."""

from viewer.painting import Stroke
from viewer.settings import LARGEST_BRUSH_RADIUS_CELLS, SMALLEST_BRUSH_RADIUS_CELLS

GROWTH_A_NOTCH = 1.15
WHOLE_CELLS_FROM = 4.0


class Drag:
    """A pointer that went down and moves: each place it is seen at continues the stroke."""

    def __init__(self, x_cells: float, y_cells: float) -> None:
        self._last = (x_cells, y_cells)

    @property
    def place(self) -> tuple[float, float]:
        """Where the pointer was last, (x, y) in cells."""
        return self._last

    def stroke_to(self, x_cells: float, y_cells: float, radius_cells: float) -> Stroke:
        """The piece from where the pointer was last to where it is now."""
        stroke = Stroke(self._last, (x_cells, y_cells), radius_cells)
        self._last = (x_cells, y_cells)
        return stroke


def resized_radius(radius_cells: float, notches: float) -> float:
    """Grow, or shrink for negative notches; large brushes stay at whole cells."""
    radius: float = radius_cells * GROWTH_A_NOTCH**notches
    if radius >= WHOLE_CELLS_FROM:
        # Never round back to where we came from: every notch must do something.
        radius = float(round(radius))
        if radius == radius_cells:
            radius += 1.0 if notches > 0 else -1.0
    else:
        radius = round(radius, 2)
    return min(max(radius, SMALLEST_BRUSH_RADIUS_CELLS), LARGEST_BRUSH_RADIUS_CELLS)
