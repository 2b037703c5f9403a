"""Pictures as overlapping square patches, and back.

A texel is a pixel as one item to gather: red, green, blue and a zero, four float32 seen as one
complex128.
"""

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture

PATCH_PIXELS = 7
STRIDE_PIXELS = 3
# Narrower ones are crisper and show where patches meet.
BELL_PIXELS = 1.0

Texels = NDArray[np.complex128]
Patches = NDArray[np.float32]
Places = NDArray[np.int64]


class Grid:
    """Patches that cover a picture, `rows` by `columns`, STRIDE_PIXELS apart.

    `first_row` and `first_column` are the corner of the first, a little outside; what lies there
    is mirrored.
    """

    def __init__(self, height: int, width: int, offset_pixels: tuple[int, int]) -> None:
        """An offset of 0 to STRIDE_PIXELS - 1 each way shifts the whole grid up and left."""
        self.height, self.width = height, width
        overlap = PATCH_PIXELS - STRIDE_PIXELS
        self.first_row, self.first_column = (-overlap - offset for offset in offset_pixels)
        self.rows = (height - 1 - self.first_row) // STRIDE_PIXELS + 1
        self.columns = (width - 1 - self.first_column) // STRIDE_PIXELS + 1

    def take(self, picture: Picture) -> Texels:
        """The patches of a picture [h, w, 3], [rows, columns, PATCH_PIXELS, PATCH_PIXELS]."""
        padded_height, padded_width = self._padded_size()
        above, left = -self.first_row, -self.first_column
        margins = (
            (above, padded_height - above - self.height),
            (left, padded_width - left - self.width),
        )
        texels = np.pad(to_texels(picture), margins, mode="symmetric")
        windows = np.lib.stride_tricks.sliding_window_view(texels, (PATCH_PIXELS,) * 2)
        return np.ascontiguousarray(windows[::STRIDE_PIXELS, ::STRIDE_PIXELS])

    def put_together(self, texels: Texels, places: Places, texels_a_row: int) -> Picture:
        """Each pixel is the mean of all patches over it, their middles counting most, [h, w, 3].

        `places` [rows, columns] are the corners of the patches in flat `texels`, whose rows are
        `texels_a_row` apart.
        """
        total = np.zeros((*self._padded_size(), 4), np.float32)
        distance = np.arange(PATCH_PIXELS) - PATCH_PIXELS // 2
        bell = np.exp(-(distance**2) / (2 * BELL_PIXELS**2)).astype(np.float32)
        for row, column in np.ndindex(PATCH_PIXELS, PATCH_PIXELS):
            found = texels[places + (row * texels_a_row + column)].view(np.float32)
            found = found.reshape(self.rows, self.columns, 4)
            found[..., 3] = 1
            found *= bell[row] * bell[column]
            rows = slice(row, row + STRIDE_PIXELS * self.rows, STRIDE_PIXELS)
            columns = slice(column, column + STRIDE_PIXELS * self.columns, STRIDE_PIXELS)
            total[rows, columns] += found
        above, left = -self.first_row, -self.first_column
        seen = total[above : above + self.height, left : left + self.width]
        picture: Picture = seen[..., :3] / seen[..., 3:]
        return picture

    def _padded_size(self) -> tuple[int, int]:
        """Room for all patches, height and width."""
        overlap = PATCH_PIXELS - STRIDE_PIXELS
        return STRIDE_PIXELS * self.rows + overlap, STRIDE_PIXELS * self.columns + overlap


def to_texels(picture: Picture) -> Texels:
    """A picture [h, w, 3] as texels [h, w]."""
    height, width = picture.shape[:2]
    texels = np.zeros((height, width, 4), np.float32)
    texels[..., :3] = picture
    return texels.view(np.complex128)[..., 0]


def to_values(patches: Texels) -> Patches:
    """Patches [..., PATCH_PIXELS, PATCH_PIXELS] as rows of numbers, [n, 3 * PATCH_PIXELS**2]."""
    numbers = patches.view(np.float32).reshape(-1, PATCH_PIXELS**2, 4)
    return numbers[..., :3].reshape(len(numbers), -1)
