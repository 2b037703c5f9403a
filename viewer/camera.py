"""Where the view looks: plain arithmetic between pixels and cells."""

from dataclasses import dataclass, replace

SMALLEST_PIXELS_PER_CELL = 0.25
LARGEST_PIXELS_PER_CELL = 96.0


@dataclass(frozen=True)
class Camera:
    """A view of the grid: the cell coordinates at its middle, and how large a cell is.

    Cells count from the top left, cell (i, j) spans [i, i + 1) x [j, j + 1). Pixels are the
    framebuffer's, from the top left of the view. View and grid sizes are (width, height).
    """

    centre_x_cells: float = 0.0
    centre_y_cells: float = 0.0
    pixels_per_cell: float = 1.0

    @staticmethod
    def fit(grid: tuple[int, int], view_size_pixels: tuple[int, int]) -> "Camera":
        """Show the whole grid in the middle; cells larger than a pixel get whole pixels."""
        scale = min(view / cells for view, cells in zip(view_size_pixels, grid, strict=True))
        if scale > 1:
            scale = int(scale)
        return Camera(grid[0] / 2, grid[1] / 2, _limit_scale(scale))

    @staticmethod
    def fill(
        size: tuple[int, int], view_size_pixels: tuple[int, int], covered_pixels: int = 0
    ) -> "Camera":
        """Show the whole of a picture as large as it fits, whatever its pixels become.

        So much of the view, from below, is covered by something else.
        """
        width, height = view_size_pixels
        room = width, max(height - covered_pixels, 1)
        # A view of no size, as of a minimised window, shows nothing at any scale.
        scale = min(max(view, 1) / side for view, side in zip(room, size, strict=True))
        return Camera(size[0] / 2, size[1] / 2 + covered_pixels / 2 / scale, scale)

    def screen_to_cells(
        self, x_pixels: float, y_pixels: float, view_size_pixels: tuple[int, int]
    ) -> tuple[float, float]:
        """The cell coordinates under a pixel; beyond the grid they go on counting."""
        width, height = view_size_pixels
        return (
            self.centre_x_cells + (x_pixels - width / 2) / self.pixels_per_cell,
            self.centre_y_cells + (y_pixels - height / 2) / self.pixels_per_cell,
        )

    def cells_to_screen(
        self, x_cells: float, y_cells: float, view_size_pixels: tuple[int, int]
    ) -> tuple[float, float]:
        """The pixel at given cell coordinates; it may lie outside the view."""
        width, height = view_size_pixels
        return (
            width / 2 + (x_cells - self.centre_x_cells) * self.pixels_per_cell,
            height / 2 + (y_cells - self.centre_y_cells) * self.pixels_per_cell,
        )

    def zoom_at(
        self,
        x_pixels: float,
        y_pixels: float,
        factor: float,
        view_size_pixels: tuple[int, int],
    ) -> "Camera":
        """Magnify by `factor`, within limits, and keep what is under the pixel there."""
        scale = _limit_scale(self.pixels_per_cell * factor)
        x_cells, y_cells = self.screen_to_cells(x_pixels, y_pixels, view_size_pixels)
        kept = self.pixels_per_cell / scale
        return Camera(
            x_cells + (self.centre_x_cells - x_cells) * kept,
            y_cells + (self.centre_y_cells - y_cells) * kept,
            scale,
        )

    def pan(self, x_pixels: float, y_pixels: float) -> "Camera":
        """Move the picture by so many pixels to the right and down."""
        return replace(
            self,
            centre_x_cells=self.centre_x_cells - x_pixels / self.pixels_per_cell,
            centre_y_cells=self.centre_y_cells - y_pixels / self.pixels_per_cell,
        )

    def keep_over(self, grid: tuple[int, int], tiled: bool) -> "Camera":
        """Stay over the grid: on the endless torus start over, else stop at the border."""
        centre = (self.centre_x_cells, self.centre_y_cells)
        if tiled:
            x_cells, y_cells = (value % size for value, size in zip(centre, grid, strict=True))
        else:
            x_cells, y_cells = (
                min(max(value, 0.0), float(size)) for value, size in zip(centre, grid, strict=True)
            )
        return replace(self, centre_x_cells=x_cells, centre_y_cells=y_cells)


def _limit_scale(pixels_per_cell: float) -> float:
    return min(max(pixels_per_cell, SMALLEST_PIXELS_PER_CELL), LARGEST_PIXELS_PER_CELL)
