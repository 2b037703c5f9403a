"""The picture of a training as the panel shows it: a photo, or a form cut out of its ground."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_cutout, load_picture
from training.learnt_part import learnt_box
from training.order import TrainingOrder

Pixels = NDArray[np.uint8]
# What shows where a form is transparent: the panel's own raised ground.
FORM_GROUND = "#212526"


def read_exemplar(path: Path, smallest_side_pixels: int = 1) -> tuple[Pixels, bool]:
    """A picture, uint8 sRGB [h, w, 3], and whether it is a form on transparent ground.

    Raises:
        LichenError: the file is no picture to learn from.
    """
    try:
        return load_picture(path, smallest_side_pixels), False
    except LichenError:
        # Transparency is all that this one forgives; what else is wrong is said again.
        form = Image.fromarray(load_cutout(path, smallest_side_pixels))
    ground = Image.new("RGBA", form.size, FORM_GROUND)
    return np.asarray(Image.alpha_composite(ground, form).convert("RGB")), True


def read_what_is_learnt(order: TrainingOrder) -> Pixels | None:
    """What of its picture a training learns, or None where that is no picture file."""
    if order.image is None:
        return None
    try:
        pixels, is_form = read_exemplar(order.image)
    except LichenError:
        return None
    if is_form:
        return pixels
    image = Image.fromarray(pixels)
    return np.asarray(image.crop(learnt_box(image.size, order.crop)))
