"""From noise down to a picture, in steps.

In terms of sigma, the deterministic step of Song et al., "Denoising Diffusion Implicit Models"
(2021), is Euler's along the slope of Karras et al. (2022); Heun's looks at its end as well.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.dream.dreamer import Interrupted, ShouldStop
from training.dream.own_options import Sampler

# Tells the clean picture, given a noised one [n, 3, h, w] and its sigma.
Denoise = Callable[[Tensor, Tensor], Tensor]


@torch.inference_mode()
def go_down(
    denoise: Denoise,
    noised: Tensor,
    levels: Tensor,
    sampler: Sampler = "ddim",
    should_stop: ShouldStop = lambda: False,
) -> Tensor:
    """Take pictures [n, 3, h, w] from the first of sigmas [steps + 1] to the last.

    Raises:
        Interrupted: it was asked to stop, between two steps.
    """
    for level, next_level in pairwise(levels):
        if should_stop():
            raise Interrupted
        stride = next_level - level
        slope = (noised - denoise(noised, level)) / level
        arrived = noised + stride * slope
        if sampler == "heun" and next_level > 0:
            slope_there = (arrived - denoise(arrived, next_level)) / next_level
            arrived = noised + stride * (slope + slope_there) / 2
        noised = arrived
    return noised


def draw_noise(shape: tuple[int, ...], seed: int) -> Tensor:
    """Noise of unit spread, the same for the same seed on every device."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def to_pictures(clean: Tensor) -> NDArray[np.float32]:
    """From tensors [n, 3, h, w] in -1..1 to pictures [n, h, w, 3] in 0..1."""
    pictures = ((clean.float() + 1) / 2).clamp(0, 1).permute(0, 2, 3, 1)
    return np.ascontiguousarray(pictures.cpu().numpy())
