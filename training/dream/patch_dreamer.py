"""The patch dreamer: no diffusion model, no weights, no network.

Every patch of the zoomed frame is replaced by the patch of reference pictures that is most like
it, coarse shapes first, so that what comes nearer gains new detail. After Granot et al., "Drop the
GAN: In Defense of Patches Nearest Neighbors as Single Image Generative Models" (CVPR 2022):
patches that nothing in the frame is like come cheaper, which keeps all of a reference in play.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.dream.camera import Picture
from training.dream.journey import FrameSettings
from training.dream.patches import PATCH_PIXELS, Patches, corners_of, put_together, take_patches

# A frame is dreamt in these fractions of its size, one after the other: shapes, then detail.
REDUCTIONS = (4, 2, 1)
# References are looked at in these sizes as well, so that a zoom finds its detail again.
SCALES = (1.0, 0.7, 0.5)
KEYS = 4096
AXES = 24
STRIDE_PIXELS = 3
# How eagerly seldom seen patches are taken: less dreams more wildly.
IMAGINATION = 0.08
# Among patches about as good the choice is free; otherwise flat parts would take the same one
# again and again, which shows as a comb.
INDIFFERENCE = 0.3
SMALLEST_DISTANCE = 0.02
# So many show how well the frame uses each patch.
SAMPLED_QUERIES = 512
# Their distances stay in a processor's cache.
QUERIES_AT_A_TIME = 128
SHARPENING = 0.3


class PatchDreamer:
    """Re-imagines frames with patches of reference pictures."""

    description = "patch dreamer, no diffusion model"

    def __init__(self, references: Mapping[str, Picture], random_seed: int = 0) -> None:
        """`references` holds a picture [h, w, 3] for every prompt."""
        generator = np.random.default_rng(random_seed)
        self._levels = [
            Level(
                {name: _scaled(picture, 1 / by) for name, picture in references.items()}, generator
            )
            for by in REDUCTIONS
        ]

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The frame [h, w, 3], re-imagined: 0 leaves it as it is, 1 takes nothing but patches.

        So large a part of the patches is a prompt's as it weighs.
        """
        strength = settings.strength
        if strength == 0:
            return frame
        generator = np.random.default_rng(settings.random_seed)
        picture = _sharpened(frame, SHARPENING * strength)
        for reduction, level in zip(REDUCTIONS, self._levels, strict=True):
            small = _scaled(picture, 1 / reduction)
            change = level.dream(small, dict(settings.prompts), generator) - small
            picture = picture + np.float32(strength) * _resized(change, frame.shape[:2])
        dreamt: Picture = np.clip(picture, 0, 1)
        return dreamt


class Level:
    """The patches of all references in one size: keys [n, AXES] to find their values by."""

    def __init__(self, references: Mapping[str, Picture], generator: np.random.Generator) -> None:
        self._values = {
            prompt: _sample_patches(picture, generator) for prompt, picture in references.items()
        }
        self._axes = _principal_axes(np.concatenate(list(self._values.values())))
        self._keys = {prompt: values @ self._axes for prompt, values in self._values.items()}

    def dream(
        self, picture: Picture, prompts: Mapping[str, float], generator: np.random.Generator
    ) -> Picture:
        """A picture [h, w, 3] made of the prompts' patches alone, each like the one it replaces."""
        height, width = picture.shape[:2]
        row, column = generator.integers(0, STRIDE_PIXELS, 2).tolist()
        corners = corners_of(height, width, STRIDE_PIXELS, (row, column))
        keys, values = self._draw(prompts, generator)
        chosen = _choose(take_patches(picture, corners) @ self._axes, keys, generator)
        return put_together(values[chosen], corners, height, width)

    def _draw(
        self, prompts: Mapping[str, float], generator: np.random.Generator
    ) -> tuple[NDArray[np.float32], Patches]:
        """As many patches of each prompt as it weighs."""
        keys, values = [], []
        for prompt, weight in prompts.items():
            count = len(self._keys[prompt])
            rows = generator.permutation(count)[: max(1, round(weight * count))]
            keys.append(self._keys[prompt][rows])
            values.append(self._values[prompt][rows])
        return np.concatenate(keys), np.concatenate(values)


def _choose(
    queries: NDArray[np.float32], keys: NDArray[np.float32], generator: np.random.Generator
) -> NDArray[np.int64]:
    """The key that suits each query, int64 [queries]."""
    some = queries[generator.permutation(len(queries))[:SAMPLED_QUERIES]]
    worths = 1 / (IMAGINATION + _distances(some, keys).min(0))
    # One row of random factors, read from another place for each query: noise for all pairs would
    # take longer than all the rest.
    factors = generator.uniform(1, 1 + INDIFFERENCE, 2 * len(keys)).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(factors, len(keys))
    chosen = np.empty(len(queries), np.int64)
    for first in range(0, len(queries), QUERIES_AT_A_TIME):
        piece = slice(first, first + QUERIES_AT_A_TIME)
        distances = _distances(queries[piece], keys)
        distances *= worths
        for row, start in enumerate(generator.integers(0, len(keys), len(distances))):
            distances[row] *= windows[start]
        distances.argmin(1, out=chosen[piece])
    return chosen


def _distances(queries: NDArray[np.float32], keys: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared distances of all pairs, [queries, keys]."""
    squares: NDArray[np.float32] = queries @ (-2 * keys.T)
    squares += (keys**2).sum(1)
    squares += (queries**2).sum(1)[:, None]
    return np.maximum(squares, SMALLEST_DISTANCE, out=squares)


def _sample_patches(picture: Picture, generator: np.random.Generator) -> Patches:
    """Up to KEYS patches of a picture in all SCALES, [n, 3 * PATCH_PIXELS**2]."""
    found = []
    for scale in SCALES:
        scaled = _scaled(picture, scale)
        corners = corners_of(scaled.shape[0], scaled.shape[1], 1)
        rows = generator.permutation(len(corners))[: KEYS // len(SCALES)]
        found.append(take_patches(scaled, corners[rows]))
    return np.concatenate(found)


def _principal_axes(patches: Patches) -> NDArray[np.float32]:
    """The directions in which patches differ most, [3 * PATCH_PIXELS**2, AXES]."""
    _, axes = np.linalg.eigh(np.cov(patches.T))
    strongest: NDArray[np.float32] = axes[:, -AXES:].astype(np.float32)
    return strongest


def _scaled(picture: Picture, scale: float) -> Picture:
    height, width = (max(PATCH_PIXELS, round(scale * side)) for side in picture.shape[:2])
    return _resized(picture, (height, width))


def _resized(picture: Picture, size: tuple[int, ...]) -> Picture:
    height, width = size
    if picture.shape[:2] == (height, width):
        return picture
    channels = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., channel])).resize(
                (width, height), Image.Resampling.BICUBIC
            )
        )
        for channel in range(3)
    ]
    resized: Picture = np.stack(channels, axis=2)
    return resized


def _sharpened(picture: Picture, amount: float) -> Picture:
    """What magnifying has blurred, a little crisper."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    sharper = picture + amount * (picture - around / 4)
    return sharper.astype(np.float32)
