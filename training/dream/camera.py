"""The camera of a dream: every frame moves forward into the one before.

Pictures are float32 [height, width, 3], sRGB-encoded, 0 to 1. A view is an affine map, float64
[3, 3], from places (x, y, 1) of a new frame, in pixels from its top left corner, to those of the
old one; pixel centres lie at halves.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.float32]
View = NDArray[np.float64]
# The resampling reaches so far beyond a pixel.
FILTER_REACH_PIXELS = 3


def look_ahead(
    size: tuple[int, int],
    zoom: float,
    vanishing_point: tuple[float, float] = (0.5, 0.5),
    rotation_degrees: float = 0.0,
) -> View:
    """The view that magnifies about a vanishing point, which stays where it is.

    `size` is width and height in pixels, the vanishing point a share of both; the picture turns
    clockwise about it.
    """
    x, y = (share * side for share, side in zip(vanishing_point, size, strict=True))
    cosine = math.cos(math.radians(rotation_degrees)) / zoom
    sine = math.sin(math.radians(rotation_degrees)) / zoom
    turn = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
    view: View = _shift(x, y) @ turn @ _shift(-x, -y)
    return view


def move_forward(
    picture: Picture, view: View, jitter_pixels: tuple[float, float] = (0.0, 0.0)
) -> Picture:
    """Crop, scale and turn a picture in one resample.

    `jitter_pixels` shifts what is seen, so that the same grid of pixels is not softened again and
    again; half a pixel is enough. What lies outside is mirrored.
    """
    height, width = picture.shape[:2]
    seen = _shift(*jitter_pixels) @ view
    margin = _reach_pixels((width, height), seen)
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    return resample(padded, (width, height), _shift(margin, margin) @ seen)


def resample(picture: Picture, size: tuple[int, int], view: View) -> Picture:
    """What a view of `size` (width, height) pixels sees, bicubically; black lies outside."""
    coefficients = tuple(view[:2].ravel().tolist())
    channels = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., channel])).transform(
                size, Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC
            )
        )
        for channel in range(picture.shape[2])
    ]
    clipped: Picture = np.clip(np.stack(channels, axis=2), 0, 1)
    return clipped


def resize(picture: Picture, size: tuple[int, int]) -> Picture:
    """The whole picture in another size (width, height), bicubically."""
    height, width = picture.shape[:2]
    if size == (width, height):
        return picture
    channels = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., channel])).resize(
                size, Image.Resampling.BICUBIC
            )
        )
        for channel in range(picture.shape[2])
    ]
    resized: Picture = np.stack(channels, axis=2)
    return resized


def magnification(view: View) -> float:
    """How many times larger a view shows the old frame."""
    return float(abs(np.linalg.det(view[:2, :2])) ** -0.5)


def _reach_pixels(size: tuple[int, int], view: View) -> int:
    """How far outside a picture of that size a view looks."""
    width, height = size
    corners = np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    x_seen, y_seen, _ = view @ corners
    beyond = (-x_seen.min(), x_seen.max() - width, -y_seen.min(), y_seen.max() - height)
    outside: float = max(0.0, *beyond)
    return math.ceil(outside) + FILTER_REACH_PIXELS


def _shift(x_pixels: float, y_pixels: float) -> View:
    return np.array([[1.0, 0, x_pixels], [0, 1, y_pixels], [0, 0, 1]])
