"""Pictures as overlapping square patches, and back. All are float32."""

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture

PATCH_PIXELS = 7

Patches = NDArray[np.float32]
Corners = NDArray[np.int64]


def corners_of(
    height: int, width: int, stride_pixels: int, offset_pixels: tuple[int, int] = (0, 0)
) -> Corners:
    """Upper left corners (row, column) of patches that cover a picture, int64 [n, 2].

    The grid begins `offset_pixels` outside; what hangs over an edge is moved inside.
    """
    rows, columns = (
        np.unique(np.clip(np.arange(-offset, side, stride_pixels), 0, side - PATCH_PIXELS))
        for side, offset in zip((height, width), offset_pixels, strict=True)
    )
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=2).reshape(-1, 2)


def take_patches(picture: Picture, corners: Corners) -> Patches:
    """The patches of a picture [h, w, 3] at n corners, [n, 3 * PATCH_PIXELS**2]."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (PATCH_PIXELS,) * 2, (0, 1))
    found: Patches = windows[corners[:, 0], corners[:, 1]].reshape(len(corners), -1)
    return found


def put_together(patches: Patches, corners: Corners, height: int, width: int) -> Picture:
    """Each pixel is the mean of all patches over it, their middles counting most, [h, w, 3].

    Patches [n, 3 * PATCH_PIXELS**2] as `take_patches` gives them, corners [n, 2].
    """
    distance = np.arange(PATCH_PIXELS) - PATCH_PIXELS // 2
    bell = np.exp(-(distance**2) / (2 * (PATCH_PIXELS / 4) ** 2)).astype(np.float32)
    weights = bell[:, None] * bell[None, :]
    weighted = patches.reshape(-1, 3, PATCH_PIXELS, PATCH_PIXELS) * weights
    places = corners[:, 0] * width + corners[:, 1]
    total = np.zeros((3, height * width), np.float32)
    weight = np.zeros(height * width, np.float32)
    for row in range(PATCH_PIXELS):
        for column in range(PATCH_PIXELS):
            # Corners are distinct, so that no place is named twice here.
            here = places + row * width + column
            total[:, here] += weighted[:, :, row, column].T
            weight[here] += weights[row, column]
    picture: Picture = (total / weight).reshape(3, height, width).transpose(1, 2, 0)
    return picture
