"""Two ways home: after its last frame a dream arrives at the picture that it began with.

The portal keeps moving forward: the start picture lies far ahead, behind a ragged edge, and comes
nearer until it fills the frame. The mix blends it in, ever more.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.dream.camera import Picture, View, magnification, resample, resize
from training.dream.rags import ragged_noise

# The share of the journey in which the portal appears, and the one from which the way leads home.
PORTAL_APPEARS_UNTIL = 0.4
HOMEWARD_FROM = 0.5
# The portal's edge: how deep it frays and how soft it is, as shares of the start picture, and how
# many rags there are along a side, for each of three sizes.
EDGE_DEPTH = 0.2
SOFTNESS = 0.1
RAGS = (5, 11, 23)
# Around the portal frames take on the colours of what would lie beyond the start picture's border:
# so far away, as a share of that picture, and so much in each frame.
GLOW_REACH = 0.6
GLOW = 0.3
# Colours alone: the picture beyond is this much smaller.
GLOW_REDUCTION = 8


class Portal:
    """The start picture, on its way from far ahead."""

    def __init__(self, start: Picture, random_seed: int) -> None:
        """`start` is [height, width, 3]; the seed draws the rags of its edge."""
        self._start = start
        height, width = start.shape[:2]
        self._size = width, height
        self._rags = ragged_noise(width, height, RAGS, random_seed)[..., None]
        self._small_size = -(-width // GLOW_REDUCTION), -(-height // GLOW_REDUCTION)
        small_width, small_height = self._small_size
        small = resize(start, self._small_size)
        margins = ((small_height, small_height), (small_width, small_width), (0, 0))
        self._beyond = np.pad(small, margins, mode="symmetric")

    def foreshadow(self, picture: Picture, way_home: View, completed: float) -> Picture:
        """Colour a frame around the portal as the start picture would go on beyond its border.

        `way_home` and `completed` as in `place`. Done before the frame is dreamt, so that the
        dream makes something of it.
        """
        depths = _depths(self._size, way_home)
        glow = GLOW * _opacity(completed) * ease(1 + depths / GLOW_REACH)
        coloured: Picture = picture + glow[..., None] * (self._see_beyond(way_home) - picture)
        return coloured

    def place(self, picture: Picture, way_home: View, completed: float) -> Picture:
        """Put the portal into a frame; where no way is left, the start picture is all there is.

        `way_home` takes places of this frame to those of the last one, where the portal fills
        everything; `completed` is the share of the journey that is behind, 0 to 1.
        """
        if completed >= 1:
            return self._start
        # Both vanish on arrival, so that nothing jumps in the last frame.
        far = 1 - 1 / _distance(way_home)
        rags = resample(self._rags, self._size, way_home)[..., 0]
        depths = _depths(self._size, way_home) - EDGE_DEPTH * far * rags
        cover = _opacity(completed) * ease(depths / max(SOFTNESS * far, 1e-6))
        start = _see_from_afar(self._start, self._size, way_home)
        placed: Picture = picture + cover[..., None] * (start - picture)
        return placed

    def _see_beyond(self, way_home: View) -> Picture:
        """The colours of the start picture, mirrored at its borders."""
        width, height = self._size
        small_width, small_height = self._small_size
        to_small = np.diag([small_width / width, small_height / height, 1.0])
        into_middle = np.array([[1.0, 0, small_width], [0, 1, small_height], [0, 0, 1]])
        view = into_middle @ to_small @ way_home @ np.linalg.inv(to_small)
        return resize(resample(self._beyond, self._small_size, view), self._size)


def mix_weight(completed: float) -> float:
    """How much of the start picture is mixed into a frame before it is dreamt, 0 to 1."""
    return float(np.clip((completed - HOMEWARD_FROM) / (1 - HOMEWARD_FROM), 0, 1)) ** 2


def homeward_strength(strength: float, completed: float) -> float:
    """A strength that eases to 0 as the start picture takes over."""
    return strength * (1 - float(ease((completed - HOMEWARD_FROM) / (1 - HOMEWARD_FROM))))


def ease(share: NDArray[np.floating[Any]] | float) -> NDArray[np.float32]:
    """From 0 to 1 along an S, flat at both ends."""
    clipped = np.clip(np.asarray(share, np.float32), 0, 1)
    eased: NDArray[np.float32] = clipped * clipped * (3 - 2 * clipped)
    return eased


def _opacity(completed: float) -> float:
    """How much of the portal is there at all."""
    return float(ease(completed / PORTAL_APPEARS_UNTIL))


def _distance(way_home: View) -> float:
    """How many times smaller than a frame the portal looks."""
    return max(1.0, 1 / magnification(way_home))


def _depths(size: tuple[int, int], way_home: View) -> NDArray[np.float32]:
    """How far inside the portal each pixel of a frame lies, [height, width], 0 at its border.

    In shares of the start picture; outside it is negative. The portal is round from afar, and on
    arrival as square as the picture.
    """
    width, height = size
    columns, rows = (np.arange(side, dtype=np.float32) + 0.5 for side in size)
    to_shares = np.diag([1 / width, 1 / height, 1.0]) @ way_home
    x, y = (
        np.abs(np.float32(a) * columns + (np.float32(b) * rows + np.float32(c - 0.5))[:, None])
        for a, b, c in to_shares[:2].tolist()
    )
    rounded, square = 0.5 - np.sqrt(x * x + y * y), 0.5 - np.maximum(x, y)
    depths: NDArray[np.float32] = rounded + np.float32(_distance(way_home) ** -2) * (
        square - rounded
    )
    return depths


def _see_from_afar(picture: Picture, size: tuple[int, int], view: View) -> Picture:
    """Resample a picture that looks smaller, averaged first so that nothing flickers."""
    reduction = max(1, int(1 / magnification(view)))
    if reduction == 1:
        return resample(picture, size, view)
    height, width = picture.shape[:2]
    small = max(1, width // reduction), max(1, height // reduction)
    scale = np.diag([small[0] / width, small[1] / height, 1.0])
    return resample(resize(picture, small), size, scale @ view)
