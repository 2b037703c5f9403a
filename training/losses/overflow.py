"""Keeps states near the range that a picture can show."""

from torch import Tensor

COMFORTABLE_REACH = 1.0


def overflow_loss(state: Tensor) -> Tensor:
    """Mean distance of all values outside [-1, 1]; state of any shape, the result a scalar."""
    return (state - state.clamp(-COMFORTABLE_REACH, COMFORTABLE_REACH)).abs().mean()
