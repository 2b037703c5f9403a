"""Padding that keeps a channels-last signal as it is; torch's own circular padding does not."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.networks.feature_network import Padding


def pad(signal: Tensor, reach: int, padding: Padding) -> Tensor:
    """Extend signal [batch, c, h, w] by `reach` pixels on all four sides."""
    if padding == "circular":
        wrapped: Tensor = _Wrap.apply(signal, reach)
        return wrapped
    return functional.pad(signal, (reach, reach, reach, reach), mode=padding)


class _Wrap(torch.autograd.Function):
    """Circular padding with one copy each way, where autograd through slices makes a dozen."""

    @staticmethod
    def forward(ctx: Any, signal: Tensor, reach: int) -> Tensor:
        ctx.reach = reach
        batch, channels, height, width = signal.shape
        padded = torch.empty(
            (batch, channels, height + 2 * reach, width + 2 * reach),
            dtype=signal.dtype,
            device=signal.device,
            memory_format=torch.channels_last,
        )
        rows = padded[:, :, reach:-reach]
        rows[..., reach:-reach] = signal
        rows[..., :reach] = signal[..., -reach:]
        rows[..., -reach:] = signal[..., :reach]
        padded[:, :, :reach] = rows[:, :, -reach:]
        padded[:, :, -reach:] = rows[:, :, :reach]
        return padded

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        gradient, reach = gradients[0], ctx.reach
        rows = gradient[:, :, reach:-reach].clone()
        rows[:, :, :reach] += gradient[:, :, -reach:]
        rows[:, :, -reach:] += gradient[:, :, :reach]
        inner = rows[..., reach:-reach]
        inner[..., :reach] += rows[..., -reach:]
        inner[..., -reach:] += rows[..., :reach]
        return inner, None
