"""Enlarge pictures of a grid by whole numbers, so that they still tile."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]

# How far a bicubic filter reaches.
MARGIN_CELLS = 2


def magnify(picture: Picture, scale: int, smooth: bool = False) -> Picture:
    """Show each cell of [h, w, 3] as scale x scale pixels, or blend between the cells' centres.

    Opposite edges meet in the result as they do in the picture.
    """
    if not smooth:
        return picture.repeat(scale, axis=0).repeat(scale, axis=1)
    height, width, _ = picture.shape
    margin = ((MARGIN_CELLS, MARGIN_CELLS), (MARGIN_CELLS, MARGIN_CELLS), (0, 0))
    around = Image.fromarray(np.pad(picture, margin, mode="wrap"))
    box = (MARGIN_CELLS, MARGIN_CELLS, MARGIN_CELLS + width, MARGIN_CELLS + height)
    size = (scale * width, scale * height)
    return np.asarray(around.resize(size, Image.Resampling.BICUBIC, box=box), np.uint8)
