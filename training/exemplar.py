"""From a picture file to the tensor that losses compare with."""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.learnt_part import SMALLEST_SIDE_PIXELS, box_size, learnt_box, learnt_size
from training.order import WHOLE_PICTURE, Crop

# A much larger picture is first averaged in blocks to so many times its size, which is faster.
REDUCING_GAP = 3.0


def load_exemplar(path: Path, side_cells: int, crop: Crop = WHOLE_PICTURE) -> Tensor:
    """Read what `crop` leaves as [3, h, w] in 0..1, the shorter side scaled down to `side_cells`.

    A picture more than twice as long as wide loses its ends; one smaller than `side_cells` is
    not enlarged, since that would teach blur.

    Raises:
        LichenError: no usable picture, or one of a single flat colour.
    """
    picture = _cropped(Image.fromarray(load_picture(path, SMALLEST_SIDE_PIXELS)), crop)
    size = learnt_size(picture.size, side_cells)
    picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    levels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    exemplar = levels.view(picture.height, picture.width, 3).permute(2, 0, 1).float() / 255
    if exemplar.flatten(1).std(dim=1).max() < 1 / 255:
        raise LichenError(f"{path} is one flat colour; choose a picture with a texture in it.")
    return exemplar.contiguous()


def _cropped(picture: Image.Image, crop: Crop) -> Image.Image:
    box = learnt_box(picture.size, crop)
    width, height = box_size(box)
    if min(width, height) < SMALLEST_SIDE_PIXELS:
        raise LichenError(
            f"the crop leaves {width} x {height} pixels; "
            f"leave at least {SMALLEST_SIDE_PIXELS} either way."
        )
    is_whole = box == (0, 0, *picture.size)
    return picture if is_whole else picture.crop(box)
