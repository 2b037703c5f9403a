"""Strokes over a grid: what they cover, and what they fill it with."""

from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, LARGEST_TEXTURES
from viewer.programs import ReloadingProgram, draw
from viewer.state_textures import create_textures, write_textures


@dataclass(frozen=True)
class Stroke:
    """A capsule on the torus: all cells whose centre is within the radius of a segment.

    Points are (x, y) in cells from the top left corner; cell (i, j) has its centre at
    (i + 0.5, j + 0.5).
    """

    start: tuple[float, float]
    end: tuple[float, float]
    radius_cells: float


@dataclass(frozen=True)
class Colour:
    """Fill with a colour, each part from 0 to 1, and zeros in the hidden channels."""

    red: float
    green: float
    blue: float


@dataclass(frozen=True)
class Erase:
    """Fill all channels with the automaton's erase value."""


@dataclass(frozen=True, eq=False)
class Stamp:
    """Fill with a state [channels, height, width] of any automaton, tiled over the grid."""

    state: NDArray[np.float32]


Fill = Colour | Erase | Stamp


class Painter:
    """Paints into framebuffers whose targets hold the state of one automaton."""

    def __init__(self, context: moderngl.Context, automaton: Automaton) -> None:
        self._context = context
        self._automaton = automaton
        self._program = ReloadingProgram(context, "paint.frag")
        self._fill: Fill | None = None
        self._fill_textures: list[moderngl.Texture] = []

    def paint(self, target: moderngl.Framebuffer, stroke: Stroke, fill: Fill) -> None:
        """Change the cells under the stroke; the target has one texel a cell."""
        if fill != self._fill:
            self.release()
            self._fill, self._fill_textures = fill, self._upload(fill)
        for unit, texture in enumerate(self._fill_textures):
            texture.use(unit)
        target.use()
        grid = np.array(target.size)
        radius = min(stroke.radius_cells, float(grid.sum()))  # covers the torus and no more
        low = np.minimum(stroke.start, stroke.end) - radius
        high = np.maximum(stroke.start, stroke.end) + radius
        draw(
            self._program.vertex_array,
            segment_start=stroke.start,
            segment_end=stroke.end,
            radius_cells=radius,
            grid_cells=target.size,
            first_copy=np.floor(low / grid).astype(int).tolist(),
            last_copy=np.floor(high / grid).astype(int).tolist(),
            fill=range(LARGEST_TEXTURES),
        )

    def poll_changes(self) -> str | None:
        """Follow edits of the shader file; the text says why the last good one stays."""
        return self._program.poll_changes()

    def release(self) -> None:
        """Give the textures back."""
        for texture in self._fill_textures:
            texture.release()
        self._fill, self._fill_textures = None, []

    def _upload(self, fill: Fill) -> list[moderngl.Texture]:
        state = _fill_state(self._automaton, fill)[: self._automaton.channels]
        _, height, width = state.shape
        every_channel = LARGEST_TEXTURES * CHANNELS_PER_TEXTURE
        textures = create_textures(self._context, every_channel, width, height)
        write_textures(textures, state)
        return textures


def _fill_state(automaton: Automaton, fill: Fill) -> NDArray[np.float32]:
    """What a fill tiles the grid with, [channels, height, width]; a plain fill is one cell."""
    if isinstance(fill, Stamp):
        return fill.state
    if isinstance(fill, Erase):
        return np.full((automaton.channels, 1, 1), automaton.erase_value, np.float32)
    colour = np.array([fill.red, fill.green, fill.blue], np.float32) - np.float32(0.5)
    return colour[:, None, None]
