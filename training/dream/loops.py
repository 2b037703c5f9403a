"""Two ways home: after its last frame a dream arrives at the picture that it began with.

The portal keeps moving forward: the start picture lies far ahead, behind a ragged edge, and comes
nearer until it fills the frame. The mix blends it in, ever more.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.dream.camera import Picture, View, magnification, resample

# The share of the journey in which the portal appears, and the one from which the way leads home.
PORTAL_APPEARS_UNTIL = 0.4
HOMEWARD_FROM = 0.5
# The portal's edge: how deep it frays and how soft it is, as shares of the picture, and how many
# rags there are along a side, for each of three sizes.
EDGE_DEPTH = 0.28
SOFTNESS = 0.12
RAGS = (5, 11, 23)


class Portal:
    """The start picture, on its way from far ahead."""

    def __init__(self, start: Picture, random_seed: int) -> None:
        """`start` is [height, width, 3]; the seed draws the rags of its edge."""
        self._start = start
        height, width = start.shape[:2]
        self._rags = _ragged_noise(width, height, random_seed)

    def place(self, picture: Picture, way_home: View, completed: float) -> Picture:
        """Put the portal into a frame; where no way is left, the start picture is all there is.

        `way_home` takes places of this frame to those of the last one, where the portal fills
        everything; `completed` is the share of the journey that is behind, 0 to 1.
        """
        distance = 1 / magnification(way_home)
        if completed >= 1:
            return self._start
        size = picture.shape[1], picture.shape[0]
        opacity = float(ease(completed / PORTAL_APPEARS_UNTIL))
        cover = opacity * _see_from_afar(self._cover(distance)[..., None], size, way_home)
        placed: Picture = picture + cover * (_see_from_afar(self._start, size, way_home) - picture)
        return placed

    def _cover(self, distance: float) -> NDArray[np.float32]:
        """How opaque each pixel of the start picture is: its edge frays, less and less."""
        height, width = self._rags.shape
        rows, columns = (
            (np.arange(side, dtype=np.float32) + 0.5) / side for side in (height, width)
        )
        inside = np.minimum(
            np.minimum(rows, 1 - rows)[:, None], np.minimum(columns, 1 - columns)[None, :]
        )
        # Both vanish on arrival, so that nothing jumps in the last frame.
        depth, softness = (share * (1 - 1 / max(distance, 1.0)) for share in (EDGE_DEPTH, SOFTNESS))
        return ease((inside - depth * self._rags) / max(softness, 1e-6))


def mix_weight(completed: float) -> float:
    """How much of the start picture is mixed into a frame before it is dreamt, 0 to 1."""
    return float(np.clip((completed - HOMEWARD_FROM) / (1 - HOMEWARD_FROM), 0, 1)) ** 2


def homeward_strength(strength: float, completed: float) -> float:
    """A strength that eases to 0 as the start picture takes over."""
    return strength * (1 - float(ease((completed - HOMEWARD_FROM) / (1 - HOMEWARD_FROM))))


def ease(share: NDArray[np.float32] | float) -> NDArray[np.float32]:
    """From 0 to 1 along an S, flat at both ends."""
    clipped = np.clip(np.asarray(share, np.float32), 0, 1)
    eased: NDArray[np.float32] = clipped * clipped * (3 - 2 * clipped)
    return eased


def _see_from_afar(picture: Picture, size: tuple[int, int], view: View) -> Picture:
    """Resample a picture that looks smaller, averaged first so that nothing flickers."""
    reduction = max(1, int(1 / magnification(view)))
    if reduction == 1:
        return resample(picture, size, view)
    height, width = picture.shape[:2]
    small = max(1, width // reduction), max(1, height // reduction)
    channels = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., channel])).resize(
                small, Image.Resampling.BOX
            )
        )
        for channel in range(picture.shape[2])
    ]
    scale = np.diag([small[0] / width, small[1] / height, 1.0])
    return resample(np.stack(channels, axis=2), size, scale @ view)


def _ragged_noise(width: int, height: int, random_seed: int) -> NDArray[np.float32]:
    """Noise of three sizes, [height, width], 0 to 1."""
    generator = np.random.default_rng(random_seed)
    total = np.zeros((height, width), np.float32)
    for rags in RAGS:
        coarse = Image.fromarray(generator.random((rags, rags), np.float32))
        total += np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)) / rags
    total -= total.min()
    noise: NDArray[np.float32] = total / total.max()
    return noise
