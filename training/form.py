"""From an emoji or a cut-out picture to the grid that a growing automaton is to become."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from exporters.alive import ALIVE_THRESHOLD
from exporters.errors import LichenError
from exporters.picture_file import load_cutout
from training.exemplars.emoji import is_emoji, render_emoji

SMALLEST_SIDE_PIXELS = 16
# Between a form and its next copy on the torus, so that the two never touch.
SMALLEST_GAP_CELLS = 8


def load_form(source: Path, size_cells: int, grid_cells: int) -> Tensor:
    """Draw an emoji or read a picture into the middle of a grid, [grid, grid, 4].

    What is transparent around the form is cut off, and its longer side becomes `size_cells`.
    The result holds premultiplied sRGB colours and alpha, 0 to 1.

    Raises:
        LichenError: no usable picture, nothing transparent around it, too faint to live, or no
            room in the grid.
    """
    if size_cells + SMALLEST_GAP_CELLS > grid_cells:
        raise LichenError(
            f"a form of {size_cells} cells needs a grid of {size_cells + SMALLEST_GAP_CELLS} "
            f"or more, not {grid_cells}; change --size or --grid."
        )
    drawn = is_emoji(str(source)) and not source.exists()
    pixels = render_emoji(str(source)) if drawn else load_cutout(source, SMALLEST_SIDE_PIXELS)
    cutout = _trimmed(pixels, source)
    scale = size_cells / max(cutout.size)
    width, height = (max(1, round(side * scale)) for side in cutout.size)
    levels = np.asarray(cutout.resize((width, height), Image.Resampling.LANCZOS), np.float32) / 255
    if levels[..., 3].max() <= ALIVE_THRESHOLD:
        raise LichenError(
            f"{source} is so faint that no cell of its form would live; make it less transparent."
        )
    form = torch.zeros(grid_cells, grid_cells, 4)
    top, left = (grid_cells - height) // 2, (grid_cells - width) // 2
    colours, alpha = levels[..., :3], levels[..., 3:]
    placed = np.concatenate([colours * alpha, alpha], axis=2)
    form[top : top + height, left : left + width] = torch.from_numpy(placed)
    return form


def _trimmed(pixels: NDArray[np.uint8], source: Path) -> Image.Image:
    cutout = Image.fromarray(pixels)
    box = cutout.getchannel("A").getbbox()
    if box is None or pixels[..., 3].min() == 255:
        raise LichenError(
            f"{source} is not a form on transparent ground; cut it out and save it as a PNG."
        )
    return cutout.crop(box)
