"""The camera's arithmetic between pixels and cells."""

import pytest

from viewer.camera import LARGEST_PIXELS_PER_CELL, SMALLEST_PIXELS_PER_CELL, Camera

VIEW = (960, 800)


def test_fit_shows_the_whole_grid_with_whole_pixels() -> None:
    camera = Camera.fit((256, 256), VIEW)
    assert camera == Camera(128.0, 128.0, 3.0)
    assert camera.cells_to_screen(0, 0, VIEW) == (96.0, 16.0)


def test_fit_shrinks_a_grid_larger_than_the_view() -> None:
    assert Camera.fit((1920, 100), VIEW).pixels_per_cell == 0.5


def test_screen_and_cells_are_inverse() -> None:
    camera = Camera(10.0, 20.0, 2.5)
    x_pixels, y_pixels = camera.cells_to_screen(3.25, 77.0, VIEW)
    assert camera.screen_to_cells(x_pixels, y_pixels, VIEW) == pytest.approx((3.25, 77.0))


def test_y_grows_downwards() -> None:
    camera = Camera.fit((64, 64), VIEW)
    _, upper = camera.screen_to_cells(480, 10, VIEW)
    _, lower = camera.screen_to_cells(480, 700, VIEW)
    assert upper < lower


@pytest.mark.parametrize("factor", [0.5, 1.25, 1000.0, 0.0001])
def test_zoom_keeps_the_cell_under_the_cursor(factor: float) -> None:
    camera = Camera(40.0, 60.0, 4.0)
    before = camera.screen_to_cells(123, 456, VIEW)
    zoomed = camera.zoom_at(123, 456, factor, VIEW)
    assert zoomed.screen_to_cells(123, 456, VIEW) == pytest.approx(before)
    assert SMALLEST_PIXELS_PER_CELL <= zoomed.pixels_per_cell <= LARGEST_PIXELS_PER_CELL


def test_pan_moves_the_picture_with_the_pointer() -> None:
    camera = Camera(40.0, 60.0, 4.0)
    held = camera.screen_to_cells(100, 100, VIEW)
    assert camera.pan(30, -20).screen_to_cells(130, 80, VIEW) == pytest.approx(held)


def test_the_torus_starts_over() -> None:
    assert Camera(-1.0, 130.0, 2.0).keep_over((64, 128), tiled=True) == Camera(63.0, 2.0, 2.0)


def test_a_single_grid_cannot_be_lost() -> None:
    assert Camera(-900.0, 900.0, 2.0).keep_over((64, 128), tiled=False) == Camera(0.0, 128.0, 2.0)


@pytest.mark.parametrize("size", [(8192, 4096), (300, 200), (3, 4)])
@pytest.mark.parametrize("view", [(980, 800), (560, 420), (0, 0)])
def test_a_picture_of_any_size_fills_the_view_and_no_more(
    size: tuple[int, int], view: tuple[int, int]
) -> None:
    camera = Camera.fill(size, view)
    left, top = camera.cells_to_screen(0, 0, view)
    right, bottom = camera.cells_to_screen(*size, view)
    if all(view):
        assert left >= -1e-6 and top >= -1e-6
        assert max((right - left) / view[0], (bottom - top) / view[1]) == pytest.approx(1)
    assert (right - left) / size[0] == pytest.approx((bottom - top) / size[1])
