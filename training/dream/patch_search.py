"""Which patch of the references is most like each patch of a picture."""

import numpy as np
from numpy.typing import NDArray

from training.dream.atlas import Atlas, Corners
from training.dream.patches import (
    PATCH_PIXELS,
    STRIDE_PIXELS,
    Grid,
    Places,
    Texels,
    to_values,
)
from training.dream.territories import Territories

KEYS = 4096
AXES = 24
# How eagerly seldom seen patches are taken: less dreams more wildly.
IMAGINATION = 0.08
# So far a patch may look like another one along every axis: among patches about as good the choice
# is free. Otherwise flat parts would take the same one again and again, which shows as a comb.
INDIFFERENCE = 0.04
# So many show how well the picture uses each patch.
SAMPLED_QUERIES = 192
# Their scores stay in a processor's cache.
QUERIES_AT_A_TIME = 64
# Rows and columns that tell patches apart where they are few; those between are much like them.
COMPARED = range(0, PATCH_PIXELS, 3)
# A finer patch looks so far around where the coarse one came from.
WANDERING_PIXELS = 1

Numbers = NDArray[np.float32]


class Keys:
    """Some patches of every prompt of an atlas, in few numbers each, to be searched."""

    def __init__(self, atlas: Atlas, generator: np.random.Generator) -> None:
        self._corners = {prompt: atlas.sample(prompt, KEYS, generator) for prompt in atlas.sheets}
        values = {
            prompt: atlas.values(atlas.places(corners)) for prompt, corners in self._corners.items()
        }
        self._axes = _principal_axes(np.concatenate(list(values.values())))
        self._keys = {prompt: some @ self._axes for prompt, some in values.items()}

    def search(
        self, patches: Texels, territories: Territories, generator: np.random.Generator
    ) -> Corners:
        """For each patch of a grid one that suits it, of the prompt that rules there.

        Those that nothing is like come cheaper, which keeps all of a reference in play.
        """
        chosen = Corners(*np.zeros((3, *patches.shape[:2]), np.int64))
        for prompt, ruled in territories.items():
            if ruled.any():
                queries = to_values(patches[ruled]) @ self._axes
                found = _choose(queries, self._keys[prompt], generator)
                chosen.put(ruled, self._corners[prompt][found])
        return chosen


def follow(
    coarse_grid: Grid, coarse: Corners, grid: Grid, generator: np.random.Generator
) -> Corners:
    """What the four coarse patches around each finer one would put there, [8, rows, columns].

    The finer picture is twice as large as the coarse one. Every suggestion comes as it is, and
    moved a little.
    """
    rows = grid.first_row + STRIDE_PIXELS * np.arange(grid.rows)
    columns = grid.first_column + STRIDE_PIXELS * np.arange(grid.columns)
    above = (rows // 2 - coarse_grid.first_row) // STRIDE_PIXELS
    left = (columns // 2 - coarse_grid.first_column) // STRIDE_PIXELS
    found = []
    for down in (0, 1):
        for right in (0, 1):
            row = np.clip(above + down, 0, coarse_grid.rows - 1)
            column = np.clip(left + right, 0, coarse_grid.columns - 1)
            chosen = coarse[np.ix_(row, column)]
            row_there = coarse_grid.first_row + STRIDE_PIXELS * row
            column_there = coarse_grid.first_column + STRIDE_PIXELS * column
            exact = Corners(
                chosen.sheets,
                2 * chosen.rows + (rows - 2 * row_there)[:, None],
                2 * chosen.columns + (columns - 2 * column_there)[None, :],
            )
            wander = generator.integers(
                -WANDERING_PIXELS, WANDERING_PIXELS + 1, (2, grid.rows, grid.columns)
            )
            found += [exact, exact.moved(*wander)]
    return Corners.stack(found)


def neighbours(corners: Corners) -> Corners:
    """Each patch [rows, columns] and what its four neighbours would put there, [5, ...]."""
    rows, columns = corners.rows.shape
    found = [corners]
    for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        row = np.clip(np.arange(rows) + down, 0, rows - 1)
        column = np.clip(np.arange(columns) + right, 0, columns - 1)
        beside = corners[np.ix_(row, column)]
        found.append(beside.moved(-STRIDE_PIXELS * down, -STRIDE_PIXELS * right))
    return Corners.stack(found)


def nearest(patches: Texels, candidates: Corners, atlas: Atlas) -> tuple[Corners, Numbers]:
    """Of the candidates [n, rows, columns] the one most like each patch of a grid.

    With it comes the mean squared difference of a value, [rows, columns].
    """
    places = atlas.places(candidates)
    squares = np.zeros((*places.shape, 4), np.float32)
    wanted = patches.view(np.float32).reshape(*patches.shape, 4)
    for row in COMPARED:
        for column in COMPARED:
            found = atlas.texels[places + (row * atlas.texels_a_row + column)].view(np.float32)
            found = found.reshape(squares.shape)
            found -= wanted[:, :, row, column]
            found *= found
            squares += found
    squares = squares.sum(-1)
    best = squares.argmin(0)
    rows, columns = np.indices(best.shape)
    differences: Numbers = squares[best, rows, columns] / (3 * len(COMPARED) ** 2)
    return candidates[best, rows, columns], differences


def _choose(queries: Numbers, keys: Numbers, generator: np.random.Generator) -> Places:
    """The key that suits each query, int64 [queries]."""
    some = generator.permutation(len(queries))[:SAMPLED_QUERIES]
    worths = 1 / (IMAGINATION + np.maximum(_squared_distances(queries[some], keys).min(0), 0))
    looser = queries + INDIFFERENCE * generator.standard_normal(queries.shape, np.float32)
    return _cheapest(looser, keys, worths)


def _cheapest(queries: Numbers, keys: Numbers, worths: Numbers) -> Places:
    """The key with the least squared distance times its worth for each query, int64 [queries]."""
    # One product gives it all: worth * (q.q + k.k - 2 q.k).
    squares = (queries**2).sum(1)
    left = np.column_stack([queries, squares, np.ones_like(squares)])
    right = np.column_stack([-2 * keys, np.ones_like(worths), (keys**2).sum(1)]) * worths[:, None]
    right = np.ascontiguousarray(right.T)
    chosen = np.empty(len(queries), np.int64)
    for first in range(0, len(queries), QUERIES_AT_A_TIME):
        piece = slice(first, first + QUERIES_AT_A_TIME)
        (left[piece] @ right).argmin(1, out=chosen[piece])
    return chosen


def _squared_distances(queries: Numbers, keys: Numbers) -> Numbers:
    """Of all pairs, [queries, keys]."""
    squares: Numbers = queries @ (-2 * keys.T)
    squares += (keys**2).sum(1)
    squares += (queries**2).sum(1)[:, None]
    return squares


def _principal_axes(patches: Numbers) -> Numbers:
    """The directions in which patches differ most, [3 * PATCH_PIXELS**2, AXES]."""
    _, axes = np.linalg.eigh(np.cov(patches.T))
    strongest: Numbers = axes[:, -AXES:].astype(np.float32)
    return strongest
