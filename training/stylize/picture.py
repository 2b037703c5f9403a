"""Picture files as tensors of the size that is painted."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.stylize.limits import SMALLEST_SIDE_PIXELS


def load_scaled(path: Path, longer_side_pixels: int) -> Tensor:
    """A picture as [1, 3, h, w] in 0..1, scaled so that its longer side is so long.

    Raises:
        LichenError: no usable picture, or one too narrow for networks at that size.
    """
    picture = Image.fromarray(load_picture(path))
    scale = longer_side_pixels / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    if min(width, height) < SMALLEST_SIDE_PIXELS:
        raise LichenError(
            f"{path} would be {width}x{height} pixels; both sides need at least "
            f"{SMALLEST_SIDE_PIXELS}: choose a larger --size or a picture less narrow."
        )
    return to_pictures(picture.resize((width, height), Image.Resampling.LANCZOS))


def load_fitted(path: Path, height: int, width: int) -> Tensor:
    """A picture as [1, 3, height, width], stretched to those sides. Raises LichenError."""
    picture = Image.fromarray(load_picture(path))
    return to_pictures(picture.resize((width, height), Image.Resampling.LANCZOS))


def to_pictures(picture: Image.Image) -> Tensor:
    """An RGB image as [1, 3, h, w] in 0..1."""
    levels = torch.from_numpy(np.array(picture, np.float32) / np.float32(255))
    return levels.permute(2, 0, 1)[None].contiguous()
