"""Several style losses at once, each with a weight."""

from collections.abc import Sequence

import torch
from torch import Tensor

from training.losses.style import StyleLoss


class CombinedLoss:
    """The weighted sum of style losses."""

    def __init__(self, terms: Sequence[tuple[float, StyleLoss]]) -> None:
        self.description = " + ".join(f"{weight:g} x {loss.description}" for weight, loss in terms)
        self._terms = terms

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Sum what all of them say of pictures [batch, 3, h, w] in 0..1."""
        return torch.stack(
            [weight * loss(pictures, generator) for weight, loss in self._terms]
        ).sum()
