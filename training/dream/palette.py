"""Keeps a dream's colours from drifting: their mean and spread in OKLab (Ottosson 2020)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture

# From linear sRGB to the responses of cones, and from their cube roots to OKLab.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
# Every second pixel each way says enough about a palette.
SAMPLED_PIXELS = 2
# A flat picture has no spread to scale.
SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True)
class Palette:
    """Mean and standard deviation of lightness and both colour axes."""

    mean: tuple[float, ...]
    spread: tuple[float, ...]

    @staticmethod
    def of(picture: Picture) -> "Palette":
        """The palette of a picture [height, width, 3]."""
        return Palette.of_lab(_to_lab(picture[::SAMPLED_PIXELS, ::SAMPLED_PIXELS]))

    @staticmethod
    def of_lab(lab: NDArray[np.float32]) -> "Palette":
        """The same of OKLab values [..., 3]."""
        axes = lab.reshape(-1, 3).T.copy()
        return Palette(tuple(axes.mean(1).tolist()), tuple(axes.std(1).tolist()))


def match_palette(picture: Picture, palette: Palette, strength: float) -> Picture:
    """Shift and scale a picture's colours towards a palette; 0 leaves them, 1 matches."""
    if strength == 0:
        return picture
    lab = _to_lab(picture)
    own = Palette.of_lab(lab[::SAMPLED_PIXELS, ::SAMPLED_PIXELS])
    wanted_mean, wanted_spread, own_mean, own_spread = (
        np.array(values, np.float32)
        for values in (palette.mean, palette.spread, own.mean, own.spread)
    )
    gain = np.maximum(wanted_spread, SMALLEST_SPREAD) / np.maximum(own_spread, SMALLEST_SPREAD)
    matched = (lab - own_mean) * gain + wanted_mean
    mixed = lab + strength * (matched - lab)
    return _from_lab(mixed.astype(np.float32))


def _to_lab(picture: Picture) -> NDArray[np.float32]:
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    lab: NDArray[np.float32] = np.cbrt(linear.astype(np.float32) @ TO_CONES.T) @ TO_LAB.T
    return lab


def _from_lab(lab: NDArray[np.float32]) -> Picture:
    cones = (lab @ np.linalg.inv(TO_LAB).T.astype(np.float32)) ** 3
    linear = np.clip(cones @ np.linalg.inv(TO_CONES).T.astype(np.float32), 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded.astype(np.float32)
