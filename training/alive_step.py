"""One step with alive masking, with a gradient written by hand: only living cells cost anything.

A form fills a part of its grid. Cells that are not alive before a step end at zero whatever they
do; they matter only where they touch a living cell, which may live on by the alpha they gain. So
only cells at most that far from life gather their neighbours and go through the two layers.
Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020). States are channels-last.
"""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from exporters.alive import ALIVE_THRESHOLD, ALPHA_CHANNEL

# Rows and columns from a cell to its neighbours, row by row; the cell itself is the fifth.
OFFSETS = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
CENTRE = OFFSETS.index((0, 0))


class AliveStep(torch.autograd.Function):
    """What StepFunction does, then masked: zero where a cell is not alive before and after."""

    @staticmethod
    def forward(
        ctx: Any,
        state: Tensor,
        fires: Tensor,
        hidden_weight: Tensor,
        hidden_bias: Tensor,
        update_weight: Tensor,
        update_bias: Tensor,
        clamp: tuple[float, float] | None,
    ) -> Tensor:
        """Advance state [batch, h, w, c]; fires is bool [batch, h, w].

        The gradient takes for granted that the state lies within the clamp already.
        hidden_weight [hidden, 4 c] is filter-major with the scales applied.
        """
        low, high = clamp or (-torch.inf, torch.inf)
        alive = touched(state[..., ALPHA_CHANNEL] > ALIVE_THRESHOLD)
        rows = (fires & touched(alive)).flatten().nonzero().squeeze(1)
        neighbours = neighbour_rows(state.shape[:3], state.device).index_select(1, rows)
        cells = state.flatten(0, 2)
        around = cells.index_select(0, neighbours.flatten()).unflatten(0, neighbours.shape)
        perceived = perceive(around)
        hidden = torch.addmm(hidden_bias, perceived, hidden_weight.t()).relu_()
        changed = torch.addmm(update_bias, hidden, update_weight.t()).add_(around[CENTRE])
        unclamped = (changed >= low) & (changed <= high)
        new_cells = cells.clamp(low, high).index_copy_(0, rows, changed.clamp_(low, high))
        mature = new_cells[:, ALPHA_CHANNEL].view(fires.shape) > ALIVE_THRESHOLD
        survives = (alive & touched(mature)).view(-1, 1).to(cells.dtype)
        ctx.save_for_backward(
            rows, neighbours, hidden_weight, update_weight, perceived, hidden, unclamped, survives
        )
        return new_cells.mul_(survives).view(state.shape)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients for state, hidden_weight, hidden_bias, update_weight and update_bias."""
        (rows, neighbours, hidden_weight, update_weight, perceived, hidden, unclamped, survives) = (
            ctx.saved_tensors
        )
        state_gradient = gradients[0].flatten(0, 2) * survives
        update_gradient = state_gradient.index_select(0, rows).mul_(unclamped)
        hidden_gradient = torch.ops.aten.threshold_backward(
            update_gradient @ update_weight, hidden, 0
        )
        if ctx.needs_input_grad[0]:
            around_gradient = perceive_adjoint(hidden_gradient @ hidden_weight)
            state_gradient.index_copy_(0, rows, update_gradient)
            state_gradient.index_add_(0, neighbours.flatten(), around_gradient.flatten(0, 1))
        return (
            state_gradient.view(gradients[0].shape),
            None,
            hidden_gradient.t() @ perceived,
            hidden_gradient.sum(0),
            update_gradient.t() @ hidden,
            update_gradient.sum(0),
            None,
        )


def touched(cells: Tensor) -> Tensor:
    """The cells of a set and all eight neighbours of each, bool [batch, h, w], on the torus."""
    near = cells | cells.roll(1, 1) | cells.roll(-1, 1)
    return near | near.roll(1, 2) | near.roll(-1, 2)


@lru_cache(maxsize=4)
def neighbour_rows(shape: tuple[int, int, int], device: torch.device) -> Tensor:
    """Which rows of flattened cells lie around each cell on the torus, int64 [9, cells]."""
    rows = torch.arange(shape[0] * shape[1] * shape[2], device=device).view(shape)
    return torch.stack([rows.roll((-down, -right), (1, 2)).flatten() for down, right in OFFSETS])


def perceive(around: Tensor) -> Tensor:
    """Neighbourhoods [9, n, c] through all filters, unscaled and filter-major, [n, 4 c]."""
    above, level, below = around.unflatten(0, (3, 3))
    column_sums = above + 2 * level + below
    differences = below - above
    sobel_x = column_sums[2] - column_sums[0]
    sobel_y = differences[0] + 2 * differences[1] + differences[2]
    laplacian = column_sums[0] + 2 * column_sums[1] + column_sums[2] - 16 * level[1]
    return torch.cat([level[1], sobel_x, sobel_y, laplacian], dim=1)


def perceive_adjoint(gradient: Tensor) -> Tensor:
    """The transpose of `perceive`: gradients [n, 4 c] to those of neighbourhoods [9, n, c]."""
    identity, sobel_x, sobel_y, laplacian = gradient.chunk(4, dim=1)
    column_sums = torch.stack([laplacian - sobel_x, 2 * laplacian, laplacian + sobel_x])
    differences = torch.stack([sobel_y, 2 * sobel_y, sobel_y])
    around = torch.stack([column_sums - differences, 2 * column_sums, column_sums + differences])
    around[1, 1] += identity - 16 * laplacian
    return around.flatten(0, 1)
