"""The one interface of all style losses."""

from typing import Protocol

import torch
from torch import Tensor


class StyleLoss(Protocol):
    """How unlike the exemplar some pictures are.

    Pictures are tori unless a loss was built with another padding.
    `description` says in a phrase what judges: printed before training and kept in reports.
    """

    description: str

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Score pictures [batch, 3, h, w] in 0..1; the result is a scalar."""
        ...
