"""One step with a gradient written by hand, to spare a CPU what autograd moves in memory.

Only the rows of cells that fire go through the two layers, the filters share their partial sums,
and the backward pass keeps nothing but those rows. States are channels-last.
"""

from typing import Any

import torch
from torch import Tensor


class StepFunction(torch.autograd.Function):
    """new = clamp(state + scatter(update(perceive(state)[firing]))), for `TrainableAutomaton`."""

    @staticmethod
    def forward(
        ctx: Any,
        state: Tensor,
        firing_rows: Tensor,
        hidden_weight: Tensor,
        hidden_bias: Tensor,
        update_weight: Tensor,
        update_bias: Tensor,
        clamp: tuple[float, float] | None,
    ) -> Tensor:
        """Advance state [batch, h, w, c]; firing_rows int64 [n] indexes its cells, flattened.

        hidden_weight [hidden, 4 c] is filter-major with the scales applied.
        """
        perception = torch.cat(filter_responses(state), dim=3).flatten(0, 2)
        perceived = perception.index_select(0, firing_rows)
        hidden = torch.addmm(hidden_bias, perceived, hidden_weight.t()).relu_()
        update = torch.addmm(update_bias, hidden, update_weight.t())
        new_state = state.flatten(0, 2).index_add(0, firing_rows, update).view(state.shape)
        if clamp is not None:
            new_state = new_state.clamp_(*clamp)
        ctx.clamp = clamp
        ctx.save_for_backward(
            firing_rows, hidden_weight, update_weight, perceived, hidden, new_state
        )
        return new_state

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients for state, hidden_weight, hidden_bias, update_weight and update_bias."""
        firing_rows, hidden_weight, update_weight, perceived, hidden, new_state = ctx.saved_tensors
        gradient = gradients[0].contiguous()
        if ctx.clamp is not None:
            gradient = torch.ops.aten.hardtanh_backward(gradient, new_state, *ctx.clamp)
        update_gradient = gradient.flatten(0, 2).index_select(0, firing_rows)
        hidden_gradient = torch.ops.aten.threshold_backward(
            update_gradient @ update_weight, hidden, 0
        )
        state_gradient = None
        if ctx.needs_input_grad[0]:
            perceived_gradient = hidden_gradient @ hidden_weight
            channels = gradient.shape[3]
            responses = [
                gradient.new_zeros(gradient.shape[:3].numel(), channels)
                .index_copy_(0, firing_rows, part)
                .view(gradient.shape)
                for part in perceived_gradient.split(channels, dim=1)
            ]
            state_gradient = filter_adjoint(*responses).add_(gradient)
        return (
            state_gradient,
            None,
            hidden_gradient.t() @ perceived,
            hidden_gradient.sum(0),
            update_gradient.t() @ hidden,
            update_gradient.sum(0),
            None,
        )


def filter_responses(state: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Identity, both sobels and the laplacian on the torus, unscaled, each [batch, h, w, c]."""
    column_sum = smooth(state, 1)
    sobel_x = difference(column_sum, 2)
    sobel_y = smooth(difference(state, 1), 2)
    laplacian = smooth(column_sum, 2).add_(state, alpha=-16)
    return state, sobel_x, sobel_y, laplacian


def filter_adjoint(identity: Tensor, sobel_x: Tensor, sobel_y: Tensor, laplacian: Tensor) -> Tensor:
    """The transpose of `filter_responses`: what each response's gradient gives the state's.

    Smoothing is symmetric and the difference antisymmetric; smoothing across rows is shared.
    """
    across_rows = smooth(laplacian, 2).sub_(difference(sobel_x, 2))
    result = smooth(across_rows, 1).sub_(difference(smooth(sobel_y, 2), 1))
    return result.add_(laplacian, alpha=-16).add_(identity)


def smooth(field: Tensor, axis: int) -> Tensor:
    """previous + 2 * here + next along an axis of a torus."""
    result = field * 2
    _add_neighbours(result, field, axis, 1.0)
    return result


def difference(field: Tensor, axis: int) -> Tensor:
    """next - previous along an axis of a torus."""
    result = torch.zeros_like(field)
    _add_neighbours(result, field, axis, -1.0)
    return result


def _add_neighbours(result: Tensor, field: Tensor, axis: int, previous_weight: float) -> None:
    """Add next + previous_weight * previous in place, without rolled copies."""
    size = field.shape[axis]
    result.narrow(axis, 0, size - 1).add_(field.narrow(axis, 1, size - 1))
    result.narrow(axis, size - 1, 1).add_(field.narrow(axis, 0, 1))
    result.narrow(axis, 1, size - 1).add_(field.narrow(axis, 0, size - 1), alpha=previous_weight)
    result.narrow(axis, 0, 1).add_(field.narrow(axis, size - 1, 1), alpha=previous_weight)
