"""Show a simulation, magnified, on the window's framebuffer."""

import math
from typing import get_args

import moderngl

from exporters.automaton import Display
from viewer.camera import Camera
from viewer.programs import ReloadingProgram, draw
from viewer.simulation import Simulation
from viewer.state_textures import create_framebuffer

BACKGROUND = (0.09, 0.09, 0.1)


class Screen:
    """Two passes: the state becomes a picture of one texel a cell, which is then magnified."""

    def __init__(
        self, context: moderngl.Context, target: moderngl.Framebuffer | None = None
    ) -> None:
        """Draw on `target`, or on the window's own framebuffer."""
        self._context = context
        self._target = target or context.screen
        self._display = ReloadingProgram(context, "display.frag")
        self._magnify = ReloadingProgram(context, "screen.frag", "screen.vert")
        self._set_grid((1, 1))

    def draw(
        self,
        simulation: Simulation,
        camera: Camera,
        view_size_pixels: tuple[int, int],
        smooth: bool,
        tiled: bool,
    ) -> None:
        """Fill so many pixels of the framebuffer, from its bottom left corner.

        `smooth` blends cells, otherwise they are crisp squares. `tiled` repeats the torus over
        the whole view, otherwise a plain background surrounds it.
        """
        self._draw_picture(simulation)
        self._picture.filter = _choose_filter(camera, smooth)
        if camera.pixels_per_cell < 1:
            self._picture.build_mipmaps()
        self._picture.use(0)
        self._target.viewport = self._target.scissor = (0, 0, *view_size_pixels)
        self._target.use()
        if not tiled:
            self._target.clear(*BACKGROUND, 1.0)
            self._target.scissor = _grid_rectangle(camera, self._picture.size, view_size_pixels)
        draw(
            self._magnify.vertex_array,
            picture=0,
            grid_cells=self._picture.size,
            view_pixels=view_size_pixels,
            centre_cells=(camera.centre_x_cells, camera.centre_y_cells),
            pixels_per_cell=camera.pixels_per_cell,
        )
        self._target.scissor = None  # type: ignore[assignment]  # the stubs do not know None

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        return self._display.poll_changes() or self._magnify.poll_changes()

    def release(self) -> None:
        """Give the picture back."""
        self._framebuffer.release()
        self._picture.release()

    def _draw_picture(self, simulation: Simulation) -> None:
        if self._picture.size != (simulation.width, simulation.height):
            self.release()
            self._set_grid((simulation.width, simulation.height))
        simulation.textures[0].use(0)
        self._framebuffer.use()
        display = get_args(Display).index(simulation.automaton.display)
        draw(self._display.vertex_array, state=0, display=display)

    def _set_grid(self, size: tuple[int, int]) -> None:
        self._picture = self._context.texture(size, 4)
        self._framebuffer = create_framebuffer(self._context, [self._picture])


def _choose_filter(camera: Camera, smooth: bool) -> tuple[int, int]:
    """How cells become pixels: many to one by their mean, one to many blended or crisp."""
    if camera.pixels_per_cell < 1:
        return moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR
    method = moderngl.LINEAR if smooth else moderngl.NEAREST
    return method, method


def _grid_rectangle(
    camera: Camera, grid_cells: tuple[int, int], view_size_pixels: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The pixels that the grid covers: left, bottom, width and height, y from the bottom."""
    left, top = camera.cells_to_screen(0, 0, view_size_pixels)
    right, bottom = camera.cells_to_screen(*grid_cells, view_size_pixels)
    bounds = (left, view_size_pixels[1] - bottom, right, view_size_pixels[1] - top)
    limits = (*view_size_pixels, *view_size_pixels)
    x0, y0, x1, y1 = (
        min(max(math.floor(bound + 0.5), 0), limit)
        for bound, limit in zip(bounds, limits, strict=True)
    )
    return x0, y0, x1 - x0, y1 - y0
