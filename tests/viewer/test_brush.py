"""Drags become gapless strokes; the brush grows by notches."""

import pytest

from viewer.brush import Drag, resized_radius
from viewer.painting import Stroke
from viewer.settings import LARGEST_BRUSH_RADIUS_CELLS, SMALLEST_BRUSH_RADIUS_CELLS


def test_a_drag_leaves_no_gaps() -> None:
    drag = Drag(10.0, 20.0)
    assert drag.stroke_to(10.0, 20.0, 3.0) == Stroke((10.0, 20.0), (10.0, 20.0), 3.0)
    assert drag.stroke_to(60.0, 20.0, 3.0) == Stroke((10.0, 20.0), (60.0, 20.0), 3.0)
    assert drag.stroke_to(60.0, 90.0, 5.0) == Stroke((60.0, 20.0), (60.0, 90.0), 5.0)


@pytest.mark.parametrize("start", [0.5, 1.0, 3.9, 4.0, 12.0, 200.0])
def test_every_notch_grows_or_reaches_the_end(start: float) -> None:
    radius = start
    for _ in range(80):
        grown = resized_radius(radius, 1)
        assert grown > radius or grown == LARGEST_BRUSH_RADIUS_CELLS
        radius = grown
    assert radius == LARGEST_BRUSH_RADIUS_CELLS


@pytest.mark.parametrize("start", [256.0, 12.0, 4.0, 3.9, 1.0])
def test_every_notch_shrinks_or_reaches_the_end(start: float) -> None:
    radius = start
    for _ in range(80):
        shrunk = resized_radius(radius, -1)
        assert shrunk < radius or shrunk == SMALLEST_BRUSH_RADIUS_CELLS
        radius = shrunk
    assert radius == SMALLEST_BRUSH_RADIUS_CELLS


def test_large_brushes_stay_at_whole_cells() -> None:
    assert resized_radius(12.0, 1) == 14.0
