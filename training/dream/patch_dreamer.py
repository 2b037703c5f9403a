"""The patch dreamer: no diffusion model, no weights, no network.

Every patch of the zoomed frame is replaced by the patch of reference pictures that is most like
it, coarse shapes first, so that what comes nearer gains new detail. After Granot et al., "Drop the
GAN: In Defense of Patches Nearest Neighbors as Single Image Generative Models" (CVPR 2022). Only
coarse patches are searched for; the finest follow where those came from in the reference, and so
copy whole pieces of it, as in Barnes et al., "PatchMatch" (SIGGRAPH 2009).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training.dream.atlas import Atlas, Corners, scaled
from training.dream.camera import Picture, resize
from training.dream.journey import FrameSettings
from training.dream.loops import ease
from training.dream.patch_search import Keys, follow, nearest, neighbours
from training.dream.patches import STRIDE_PIXELS, Grid
from training.dream.territories import Map, Territories

# A frame is dreamt in these fractions of its size, one after the other: shapes, then detail. Each
# is half of the one before.
REDUCTIONS = (4, 2, 1)
# Where even the nearest patch differs by so much in a value, the frame gives way to the reference.
FAMILIAR_UP_TO, STRANGE_FROM = 0.06, 0.16
SHARPENING = 0.3


class PatchDreamer:
    """Re-imagines frames with patches of reference pictures."""

    description = "patch dreamer, no diffusion model"

    def __init__(self, references: Mapping[str, Picture], random_seed: int = 0) -> None:
        """`references` holds a picture [h, w, 3] for every prompt."""
        generator = np.random.default_rng(random_seed)
        self._atlases = [
            Atlas({prompt: scaled(picture, 1 / by) for prompt, picture in references.items()})
            for by in REDUCTIONS
        ]
        self._keys = [Keys(atlas, generator) for atlas in self._atlases[:-1]]
        self._map = Map(random_seed)

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The frame [h, w, 3], re-imagined: 0 leaves it as it is, 1 takes nothing but patches.

        So large a part of the picture is a prompt's as it weighs.
        """
        if settings.strength == 0:
            return frame
        generator = np.random.default_rng(settings.random_seed)
        size = frame.shape[1], frame.shape[0]
        picture = _sharpened(frame, SHARPENING * settings.strength)
        coarser: tuple[Grid, Corners] | None = None
        for level, (reduction, atlas) in enumerate(zip(REDUCTIONS, self._atlases, strict=True)):
            small = scaled(picture, 1 / reduction)
            offset = generator.integers(0, STRIDE_PIXELS, 2).tolist()
            grid = Grid(small.shape[0], small.shape[1], offset)
            if level < len(self._keys):
                corners = self._search(level, small, grid, settings, generator)
            else:
                assert coarser is not None
                candidates = follow(*coarser, grid, generator)
                corners, _ = nearest(grid.take(small), candidates, atlas)
            coarser = grid, corners
            places = atlas.places(corners)
            change = grid.put_together(atlas.texels, places, atlas.texels_a_row) - small
            picture = picture + np.float32(settings.strength) * resize(change, size)
        dreamt: Picture = np.clip(picture, 0, 1)
        return dreamt

    def _search(
        self,
        level: int,
        picture: Picture,
        grid: Grid,
        settings: FrameSettings,
        generator: np.random.Generator,
    ) -> Corners:
        """A patch for every place of a coarse grid."""
        territories = self._map.divide(settings.prompts, grid.rows, grid.columns)
        atlas, keys = self._atlases[level], self._keys[level]
        patches = grid.take(picture)
        corners = keys.search(patches, territories, generator)
        corners, differences = nearest(patches, neighbours(corners), atlas)
        if level > 0 or differences.max() < FAMILIAR_UP_TO**2:
            return corners
        # Patches alone would make a comb of a place that is like nothing in the reference.
        patches = grid.take(_give_way(picture, differences, territories, atlas))
        corners = keys.search(patches, territories, generator)
        return nearest(patches, neighbours(corners), atlas)[0]


def _give_way(
    picture: Picture, differences: NDArray[np.float32], territories: Territories, atlas: Atlas
) -> Picture:
    """Mix in each prompt's reference as it lies, the more the less a place is like any of it.

    `differences` [rows, columns] are mean squares of values, over places all across the picture.
    """
    height, width = picture.shape[:2]
    strange = (np.sqrt(differences) - FAMILIAR_UP_TO) / (STRANGE_FROM - FAMILIAR_UP_TO)
    for prompt, ruled in territories.items():
        share = resize((ease(strange) * ruled)[..., None], (width, height))
        reference = atlas.picture(prompt)
        missing = [
            (0, max(0, side - own))
            for side, own in zip(picture.shape, reference.shape, strict=True)
        ]
        reference = np.pad(reference, missing, mode="symmetric")[:height, :width]
        picture = picture + np.clip(share, 0, 1) * (reference - picture)
    return picture


def _sharpened(picture: Picture, amount: float) -> Picture:
    """What magnifying has blurred, a little crisper."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    sharper = picture + amount * (picture - around / 4)
    return sharper.astype(np.float32)
