"""Multi-scale sliced optimal transport on raw patches: needs no network.

After Elnekave and Weiss, "Generating Natural Images with Direct Patch Distributions Matching"
(ECCV 2022); random 7x7 filters project the patches at four scales.
"""

import torch
from torch import Tensor
from torch.nn import functional

from training.losses.transport import DIRECTIONS_IN_BANK, TransportTarget, unit_directions
from training.networks.feature_network import Padding
from training.networks.padding import pad

PATCH_SIDE_PIXELS = 7
SCALES = 4


class PatchLoss:
    """Compares the clouds of 7x7 patches with the exemplar's, on a pyramid of halvings."""

    def __init__(self, exemplar: Tensor, padding: Padding = "circular") -> None:
        """`exemplar` is [3, h, w] in 0..1."""
        self.description = "sliced optimal transport on patches, which needs no network"
        self._padding = padding
        generator = torch.Generator().manual_seed(0)
        features = 3 * PATCH_SIDE_PIXELS**2
        directions = unit_directions(DIRECTIONS_IN_BANK, features, generator)
        directions = directions.to(exemplar.device)
        self._targets = [
            TransportTarget(_patches(level), directions) for level in _pyramid(exemplar[None])
        ]

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Sum over scales of the transport cost, pictures [batch, 3, h, w] in 0..1."""
        costs: list[Tensor] = []
        for target, level in zip(self._targets, _pyramid(pictures), strict=False):
            chosen = target.draw_directions(generator)
            filters = target.directions[chosen].unflatten(
                1, (3, PATCH_SIDE_PIXELS, PATCH_SIDE_PIXELS)
            )
            padded = pad(level, PATCH_SIDE_PIXELS // 2, self._padding)
            costs.append(target.cost(functional.conv2d(padded, filters).flatten(2), chosen))
        return torch.stack(costs).sum()


def _pyramid(pictures: Tensor) -> list[Tensor]:
    """The pictures and their halvings, while a patch still fits."""
    levels = [pictures]
    while len(levels) < SCALES and min(levels[-1].shape[2:]) >= 2 * PATCH_SIDE_PIXELS:
        levels.append(functional.avg_pool2d(levels[-1], 2))
    return levels


def _patches(level: Tensor) -> Tensor:
    """All whole patches of one picture [1, 3, h, w], one a row: [n, 147]."""
    return functional.unfold(level, PATCH_SIDE_PIXELS)[0].t()
