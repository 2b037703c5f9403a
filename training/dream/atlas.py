"""All references of the patch dreamer in one large picture, so that one number names a patch."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture, resize
from training.dream.patches import PATCH_PIXELS, Places, Texels, to_texels, to_values

# References are looked at in these sizes as well, so that a zoom finds its detail again.
SCALES = (1.0, 0.7, 0.5)


@dataclass(frozen=True)
class Corners:
    """Patches by sheet, and row and column of their corners in it; arrays of one shape.

    Corners may lie outside of their sheet; `Atlas.places` moves them inside.
    """

    sheets: Places
    rows: Places
    columns: Places

    @staticmethod
    def stack(several: "Sequence[Corners]") -> "Corners":
        """Several of one shape along a new first axis."""
        return Corners(
            np.stack([each.sheets for each in several]),
            np.stack([each.rows for each in several]),
            np.stack([each.columns for each in several]),
        )

    def __getitem__(self, which: Any) -> "Corners":
        return Corners(self.sheets[which], self.rows[which], self.columns[which])

    def put(self, where: NDArray[np.bool_], others: "Corners") -> None:
        """Put other patches where the mask says."""
        self.sheets[where], self.rows[where] = others.sheets, others.rows
        self.columns[where] = others.columns

    def moved(self, down: Places | int, right: Places | int) -> "Corners":
        """The patches so many pixels away in their sheets."""
        return Corners(self.sheets, self.rows + down, self.columns + right)


class Atlas:
    """References in all SCALES, one below the other in `texels`, `texels_a_row` wide.

    A reference in one scale is a sheet; `sheets` names those of each prompt, the largest first.
    """

    def __init__(self, references: Mapping[str, Picture]) -> None:
        """`references` holds a picture [h, w, 3] for every prompt."""
        pictures = [scaled(picture, by) for picture in references.values() for by in SCALES]
        self.sheets = {
            prompt: range(first, first + len(SCALES))
            for prompt, first in zip(references, range(0, len(pictures), len(SCALES)), strict=True)
        }
        self._sizes = np.array([picture.shape[:2] for picture in pictures])
        self._last_corners = self._sizes - PATCH_PIXELS
        self.texels_a_row = int(self._sizes[:, 1].max())
        heights = self._sizes[:, 0]
        self._first_rows = np.cumsum(heights) - heights
        pages = np.zeros((heights.sum(), self.texels_a_row), np.complex128)
        for picture, first_row in zip(pictures, self._first_rows, strict=True):
            height, width = picture.shape[:2]
            pages[first_row : first_row + height, :width] = to_texels(picture)
        self.texels: Texels = pages.ravel()

    def places(self, corners: Corners) -> Places:
        """Where the patches with these corners begin in `texels`."""
        last_row, last_column = np.moveaxis(self._last_corners[corners.sheets], -1, 0)
        rows = np.clip(corners.rows, 0, last_row) + self._first_rows[corners.sheets]
        places: Places = rows * self.texels_a_row + np.clip(corners.columns, 0, last_column)
        return places

    def picture(self, prompt: str) -> Picture:
        """The reference of a prompt, [h, w, 3]."""
        sheet = self.sheets[prompt][0]
        height, width = self._sizes[sheet]
        first_row = self._first_rows[sheet]
        rows = self.texels.reshape(-1, self.texels_a_row)[first_row : first_row + height, :width]
        return np.ascontiguousarray(rows).view(np.float32).reshape(height, width, 4)[..., :3]

    def sample(self, prompt: str, count: int, generator: np.random.Generator) -> Corners:
        """Up to `count` patches of a prompt, from each of its sheets as many as its share."""
        found = []
        areas = self._last_corners.prod(1) + 1
        total = areas[self.sheets[prompt]].sum()
        for sheet in self.sheets[prompt]:
            rows, columns = (self._last_corners[sheet] + 1).tolist()
            share = math.ceil(count * areas[sheet] / total)
            some = generator.permutation(rows * columns)[:share]
            found.append((np.full(len(some), sheet), *np.divmod(some, columns)))
        return Corners(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def values(self, places: Places) -> NDArray[np.float32]:
        """The patches that begin at n places, [n, 3 * PATCH_PIXELS**2]."""
        pixel = np.arange(PATCH_PIXELS)
        within = pixel[:, None] * self.texels_a_row + pixel
        return to_values(self.texels[places[:, None, None] + within])


def scaled(picture: Picture, scale: float) -> Picture:
    """A picture in another size, at least as large as a patch."""
    height, width = (max(PATCH_PIXELS, round(scale * side)) for side in picture.shape[:2])
    return resize(picture, (width, height))
