"""Total variation: how restless neighbouring pixels are (Rudin, Osher and Fatemi, 1992)."""

from torch import Tensor


def total_variation(pictures: Tensor) -> Tensor:
    """Mean squared difference of neighbours of pictures [batch, 3, h, w]; a scalar.

    Squared, as Mahendran and Vedaldi advise (CVPR 2015): plain differences freeze flat patches.
    """
    down = pictures[:, :, 1:] - pictures[:, :, :-1]
    right = pictures[:, :, :, 1:] - pictures[:, :, :, :-1]
    return down.square().mean() + right.square().mean()
