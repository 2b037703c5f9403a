"""Sliced optimal transport: compare two clouds of points by their sorted projections.

Heitz et al., "A Sliced Wasserstein Loss for Neural Texture Synthesis" (CVPR 2021). A bank of
directions is drawn once, and the target's sorted projections with it; every call uses a few.
"""

import torch
from torch import Tensor
from torch.nn import functional

DIRECTIONS_IN_BANK = 512
DIRECTIONS_A_CALL = 32
# Sorting is what costs; a random quarter of a large layer tells as much about its shape.
POINTS_A_CALL = 1024


class TransportTarget:
    """The target's projections on a bank of directions, sorted and standardised.

    `directions` [bank, features] are unit vectors; `points` [features, m] is the target.
    """

    def __init__(self, points: Tensor, directions: Tensor, quantiles: int) -> None:
        projected = torch.cat([(part @ points).sort(dim=1).values for part in directions.split(64)])
        self.variance = projected.var(dim=1).mean().clamp_min(1e-8)
        self.sorted = functional.interpolate(
            projected[None], size=quantiles, mode="linear", align_corners=True
        )[0]
        self.directions = directions

    def distance(self, points: Tensor, generator: torch.Generator) -> Tensor:
        """Mean squared transport cost of points [batch, features, n], over the variance."""
        chosen = torch.randperm(len(self.directions), generator=generator)[:DIRECTIONS_A_CALL]
        if points.shape[2] > POINTS_A_CALL:
            few = torch.randperm(points.shape[2], generator=generator)[:POINTS_A_CALL]
            points = points[:, :, few]
        projected = self.directions[chosen] @ points
        return transport_cost(projected, self.sorted[chosen]) / self.variance


def unit_directions(bank: int, features: int, generator: torch.Generator) -> Tensor:
    """Draw random unit vectors [bank, features]."""
    return functional.normalize(torch.randn(bank, features, generator=generator), dim=1)


def transport_cost(projected: Tensor, target_sorted: Tensor) -> Tensor:
    """Mean squared difference of quantiles: projected [batch, k, n] to the target's [k, q]."""
    quantiles = target_sorted
    if quantiles.shape[1] != projected.shape[2]:
        quantiles = functional.interpolate(
            quantiles[None], size=projected.shape[2], mode="linear", align_corners=True
        )[0]
    return functional.mse_loss(projected.sort(dim=2).values, quantiles.expand_as(projected))
