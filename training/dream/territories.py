"""Which part of a frame is which prompt's: a new one spreads from some places, like lichen."""

import numpy as np
from numpy.typing import NDArray

from training.dream.rags import ragged_noise

SIDE = 64
# So many places along a side; the finer ones fray the fronts.
SPREADING = (3, 8, 24)

# For each prompt where it rules, [rows, columns]; no place is ruled by two.
Territories = dict[str, NDArray[np.bool_]]


class Map:
    """Where a prompt takes hold early and where late; the same for all frames of a dream."""

    def __init__(self, random_seed: int) -> None:
        noise = ragged_noise(SIDE, SIDE, SPREADING, random_seed)
        self._ranks = noise.ravel().argsort().argsort().reshape(noise.shape)

    def divide(
        self, prompts: tuple[tuple[str, float], ...], rows: int, columns: int
    ) -> Territories:
        """As large a part of `rows` by `columns` places for each prompt as it weighs."""
        row, column = (np.arange(count) * SIDE // count for count in (rows, columns))
        ranks = self._ranks[np.ix_(row, column)]
        weights = np.array([weight for _, weight in prompts])
        first_ranks = np.cumsum(weights)[:-1] / weights.sum() * self._ranks.size
        owners = np.searchsorted(first_ranks, ranks, side="right")
        return {prompt: owners == owner for owner, (prompt, _) in enumerate(prompts)}
