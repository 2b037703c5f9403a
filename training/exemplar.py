"""From a picture file to the tensor that losses compare with."""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.order import WHOLE_PICTURE, Crop

SMALLEST_SIDE_PIXELS = 32
LARGEST_ASPECT = 2.0


def load_exemplar(path: Path, side_cells: int, crop: Crop = WHOLE_PICTURE) -> Tensor:
    """Read what `crop` leaves as [3, h, w] in 0..1, the shorter side scaled down to `side_cells`.

    A picture more than twice as long as wide loses its ends; one smaller than `side_cells` is
    not enlarged, since that would teach blur.

    Raises:
        LichenError: no usable picture, or one of a single flat colour.
    """
    picture = _cropped(Image.fromarray(load_picture(path, SMALLEST_SIDE_PIXELS)), crop)
    shorter = min(picture.size)
    width, height = (min(side, round(shorter * LARGEST_ASPECT)) for side in picture.size)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    picture = picture.crop((left, top, left + width, top + height))
    scale = min(1.0, side_cells / shorter)
    picture = picture.resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.LANCZOS
    )
    levels = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    exemplar = levels.view(picture.height, picture.width, 3).permute(2, 0, 1).float() / 255
    if exemplar.flatten(1).std(dim=1).max() < 1 / 255:
        raise LichenError(f"{path} is one flat colour; choose a picture with a texture in it.")
    return exemplar.contiguous()


def _cropped(picture: Image.Image, crop: Crop) -> Image.Image:
    left, top, right, bottom = crop
    width, height = picture.size
    box = (round(left * width), round(top * height), round(right * width), round(bottom * height))
    cropped = picture.crop(box)
    if min(cropped.size) < SMALLEST_SIDE_PIXELS:
        raise LichenError(
            f"the crop leaves {cropped.width} x {cropped.height} pixels; "
            f"leave at least {SMALLEST_SIDE_PIXELS} either way."
        )
    return cropped
