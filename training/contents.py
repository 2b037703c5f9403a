"""The pictures that a living filter learns on: random crops of whatever the user has."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.run_files import pictures_to_learn

# More would fill the memory and teach little.
MOST_PICTURES = 256
# Larger ones are scaled down, so that a crop shows things and not the inside of one.
LONGEST_SIDE_PIXELS = 512
LARGEST_CROP_GRIDS = 3.0


class Contents:
    """Draws crops of pictures [3, h, w] in 0..1, as large as a grid."""

    def __init__(self, pictures: list[Tensor]) -> None:
        self._pictures = pictures

    def draw(self, side_cells: int, generator: torch.Generator) -> Tensor:
        """A square of one to three grids' side, scaled to [3, side_cells, side_cells].

        It may be mirrored. A picture smaller than the grid is shown whole, and enlarged.
        """
        picture = self._pictures[_integer(0, len(self._pictures), generator)]
        _, height, width = picture.shape
        largest = min(height, width, round(LARGEST_CROP_GRIDS * side_cells))
        side = _integer(min(side_cells, largest), largest + 1, generator)
        top, left = (_integer(0, room - side + 1, generator) for room in (height, width))
        square = picture[None, :, top : top + side, left : left + side]
        crop = functional.interpolate(square, side_cells, mode="bilinear", antialias=True)[0]
        crop = crop.clamp(0, 1)  # Weights of an average need not sum to 1 exactly.
        return crop.flip(2) if _integer(0, 2, generator) else crop

    def draw_many(self, count: int, side_cells: int) -> Tensor:
        """The same crops every time, [count, 3, side_cells, side_cells]."""
        generator = torch.Generator().manual_seed(0)
        return torch.stack([self.draw(side_cells, generator) for _ in range(count)])


def load_contents(path: Path) -> Contents:
    """Read a picture, or all pictures of a folder but the previews of automata in it.

    Raises:
        LichenError: there is none, or one of them cannot be read.
    """
    files = pictures_to_learn(path)
    if not files:
        raise LichenError(f"the folder {path} holds no pictures to learn a filter on.")
    return Contents([_load(file) for file in files[:MOST_PICTURES]])


def _load(path: Path) -> Tensor:
    picture = Image.fromarray(load_picture(path))
    picture.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS), Image.Resampling.LANCZOS)
    levels = torch.from_numpy(np.array(picture, np.float32) / np.float32(255))
    return levels.permute(2, 0, 1).contiguous()


def _integer(low: int, high: int, generator: torch.Generator) -> int:
    """From low to high - 1."""
    return int(torch.randint(low, high, (), generator=generator))
