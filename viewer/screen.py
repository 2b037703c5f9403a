"""Show a simulation, or a picture, magnified, on the window's framebuffer."""

import math
from typing import get_args

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Display
from viewer.camera import Camera
from viewer.programs import ReloadingProgram, draw
from viewer.simulation import Simulation
from viewer.state_textures import create_framebuffer

BACKGROUND = (0.09, 0.09, 0.1)


class Magnifier:
    """Shows a texture, row 0 the top, through a camera."""

    def __init__(
        self, context: moderngl.Context, target: moderngl.Framebuffer | None = None
    ) -> None:
        """Draw on `target`, or on the window's own framebuffer."""
        self._target = target or context.screen
        self._program = ReloadingProgram(context, "screen.frag", "screen.vert")

    def draw(
        self,
        picture: moderngl.Texture,
        camera: Camera,
        view_size_pixels: tuple[int, int],
        smooth: bool,
        tiled: bool,
    ) -> None:
        """Fill so many pixels of the framebuffer, from its bottom left corner.

        `smooth` blends texels, otherwise they are crisp squares. `tiled` repeats the picture over
        the whole view, otherwise a plain background surrounds it. Where the camera looks from
        afar the texture needs its mipmaps.
        """
        picture.filter = _choose_filter(camera, smooth)
        picture.use(0)
        self._target.viewport = self._target.scissor = (0, 0, *view_size_pixels)
        self._target.use()
        if not tiled:
            self._target.clear(*BACKGROUND, 1.0)
            self._target.scissor = _grid_rectangle(camera, picture.size, view_size_pixels)
        draw(
            self._program.vertex_array,
            picture=0,
            grid_cells=picture.size,
            view_pixels=view_size_pixels,
            centre_cells=(camera.centre_x_cells, camera.centre_y_cells),
            pixels_per_cell=camera.pixels_per_cell,
        )
        self._target.scissor = None  # type: ignore[assignment]  # the stubs do not know None

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        return self._program.poll_changes()


class Screen:
    """Two passes: the state becomes a picture of one texel a cell, which is then magnified."""

    def __init__(
        self, context: moderngl.Context, target: moderngl.Framebuffer | None = None
    ) -> None:
        """Draw on `target`, or on the window's own framebuffer."""
        self._context = context
        self._display = ReloadingProgram(context, "display.frag")
        self._magnifier = Magnifier(context, target)
        self._set_grid((1, 1))

    def draw(
        self,
        simulation: Simulation,
        camera: Camera,
        view_size_pixels: tuple[int, int],
        smooth: bool,
        tiled: bool,
    ) -> None:
        """As `Magnifier.draw`; a texel is a cell."""
        self._draw_picture(simulation)
        if camera.pixels_per_cell < 1:
            self._picture.build_mipmaps()
        self._magnifier.draw(self._picture, camera, view_size_pixels, smooth, tiled)

    def poll_changes(self) -> str | None:
        """Follow edits of the shader files; the text says why the last good ones stay."""
        return self._display.poll_changes() or self._magnifier.poll_changes()

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


class PictureScreen:
    """A picture in place of a simulation; it is uploaded when it changes."""

    def __init__(
        self, context: moderngl.Context, target: moderngl.Framebuffer | None = None
    ) -> None:
        """Draw on `target`, or on the window's own framebuffer."""
        self._context = context
        self._magnifier = Magnifier(context, target)
        self._texture = context.texture((1, 1), 3, alignment=1)
        self._shown: NDArray[np.uint8] | None = None

    def draw(
        self, pixels: NDArray[np.uint8], camera: Camera, view_size_pixels: tuple[int, int]
    ) -> bool:
        """Show a picture [height, width, 3]; gives whether it had to be uploaded."""
        is_new = pixels is not self._shown
        if is_new:
            height, width, _ = pixels.shape
            if self._texture.size != (width, height):
                self._texture.release()
                self._texture = self._context.texture((width, height), 3, alignment=1)
            self._texture.write(np.ascontiguousarray(pixels))
            self._texture.build_mipmaps()
            self._shown = pixels
        self._magnifier.draw(self._texture, camera, view_size_pixels, smooth=True, tiled=False)
        return is_new


def _choose_filter(camera: Camera, smooth: bool) -> tuple[int, int]:
    """How cells become pixels: many to one by their mean, one to many blended or crisp."""
    if camera.pixels_per_cell < 1:
        return moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
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
