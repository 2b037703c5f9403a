"""Steps with a gradient written by hand, to spare a CPU what autograd moves in memory.

Only the rows of cells that fire go through the two layers, in pieces that stay in the cache, and
the backward pass keeps nothing but the states and those rows. States are channels-last.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from training.perception import Layout, Perception, PerceptionTranspose, from_sums, to_sums


@dataclass(frozen=True)
class StepOptions:
    """How `StepFunction` steps."""

    clamp: tuple[float, float] | None = None
    piece_rows: int = 2**30
    """So many firing cells go through both layers at a time."""
    may_go_back: bool = True
    """Whether to keep what a backward pass needs."""


class StepFunction(torch.autograd.Function):
    """new = clamp(state + scatter(update(perceive(state)[firing]))), once for each mask."""

    @staticmethod
    def forward(
        ctx: Any,
        state: Tensor,
        fires: Tensor,
        hidden_weight: Tensor,
        hidden_bias: Tensor,
        update_weight: Tensor,
        update_bias: Tensor,
        options: StepOptions,
    ) -> Tensor:
        """Advance state [batch, h, w, c] by the masks of fires, bool [steps, batch, h, w].

        hidden_weight [hidden, 4 c] is filter-major with the scales applied.
        """
        layout = Layout(*state.shape[:3])
        firing = Firing(layout, fires)
        states = [layout.wrap(state)]
        pieces: list[tuple[Tensor, Tensor]] = []
        perception = Perception(layout, states[0])
        first, second = to_sums(hidden_weight).t().contiguous(), update_weight.t().contiguous()
        all_updates = state.new_empty(max(firing.counts), state.shape[3])
        for step in range(len(fires)):
            perception.look(states[-1])
            updates = all_updates[: firing.counts[step]]
            row_pieces = firing.rows(step).split(options.piece_rows)
            update_pieces = updates.split(options.piece_rows)
            for rows, update in zip(row_pieces, update_pieces, strict=True):
                perceived = perception.gather(rows)
                hidden = torch.addmm(hidden_bias, perceived, first).relu_()
                torch.addmm(update_bias, hidden, second, out=update)
                if options.may_go_back:
                    pieces.append((perceived, hidden))
            updates[0] = 0
            new_state = updates.index_select(0, firing.slots[step]).add_(states[-1])
            if options.clamp is not None:
                new_state.clamp_(*options.clamp)
            if not options.may_go_back:
                states.clear()
            states.append(new_state)
        ctx.layout, ctx.firing, ctx.options = layout, firing, options
        ctx.states, ctx.pieces = states, pieces
        ctx.save_for_backward(hidden_weight, update_weight)
        return layout.unwrap(states[-1]).contiguous()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients for state, hidden_weight, hidden_bias, update_weight and update_bias."""
        layout, firing, options = ctx.layout, ctx.firing, ctx.options
        hidden_weight, update_weight = ctx.saved_tensors
        wrapped_gradient = torch.zeros_like(ctx.states[0])
        grids, gradient = layout.unwrap(wrapped_gradient), wrapped_gradient[layout.inside]
        grids.copy_(gradients[0])
        layers = LayerGradients(
            hidden_weight, update_weight, max(firing.counts), options.piece_rows
        )
        transpose = PerceptionTranspose(layout, wrapped_gradient)
        pieces = list(ctx.pieces)
        for step in reversed(range(len(firing.counts))):
            if options.clamp is not None:
                new_state = ctx.states[step + 1][layout.inside]
                torch.ops.aten.hardtanh_backward.grad_input(
                    gradient, new_state, *options.clamp, grad_input=gradient
                )
            update_gradient = gradient.index_select(0, firing.rows(step))
            update_gradient[0] = 0
            perceived_gradient = layers.go_back(update_gradient, pieces)
            transpose.add_to(gradient, perceived_gradient, firing.slots[step])
        return grids.contiguous(), None, *layers.weight_gradients(), None


class Firing:
    """The cells that fire in each step, as indices; row 0 of each step stands for all that rest.

    `slots` int64 [steps, places] is the row of each place, `rows(step)` the inner place of each
    row, and `counts` the number of rows. Scattering finds them faster than `nonzero` does.
    """

    def __init__(self, layout: Layout, fires: Tensor) -> None:
        """`fires` is bool [steps, batch, h, w]."""
        cells = fires.flatten(1)
        slots = cells.cumsum(1)
        self.counts: list[int] = (slots[:, -1] + 1).tolist()
        slots.mul_(cells)
        numbers = layout.inner_indices(fires.device)
        self._rows = slots.new_empty(len(fires), max(self.counts))
        self._rows.scatter_(1, slots, numbers.expand_as(slots))
        self._rows[:, 0] = numbers[0]
        self.slots = layout.wrap(slots.view_as(fires).flatten(0, 1)).view(len(fires), -1)

    def rows(self, step: int) -> Tensor:
        """The inner places of a step's rows, int64 [counts[step]]."""
        return self._rows[step, : self.counts[step]]


class LayerGradients:
    """Goes back through both layers and sums up the gradients of their weights."""

    def __init__(
        self, hidden_weight: Tensor, update_weight: Tensor, most_rows: int, piece_rows: int
    ) -> None:
        self._piece_rows = piece_rows
        self._first, self._second = to_sums(hidden_weight), update_weight
        self._first_sum = torch.zeros_like(hidden_weight)
        self._second_sum = torch.zeros_like(update_weight)
        channels, hidden = update_weight.shape
        self._hidden_bias_sum = hidden_weight.new_zeros(hidden)
        self._update_bias_sum = hidden_weight.new_zeros(channels)
        self._hidden_gradient = hidden_weight.new_empty(min(most_rows, piece_rows), hidden)
        self._perceived_gradient = hidden_weight.new_empty(most_rows, hidden_weight.shape[1])

    def go_back(self, update_gradient: Tensor, pieces: list[tuple[Tensor, Tensor]]) -> Tensor:
        """From the gradient of updates [n, channels] to that of what was perceived [n, 4 channels].

        Takes the step's pieces, what was perceived and the hidden values, off the end of the list.
        """
        perceived_gradient = self._perceived_gradient[: len(update_gradient)]
        ends = perceived_gradient.split(self._piece_rows)
        starts = update_gradient.split(self._piece_rows)
        for start, end in zip(reversed(starts), reversed(ends), strict=True):
            perceived, hidden = pieces.pop()
            hidden_gradient = self._hidden_gradient[: len(hidden)]
            self._second_sum.addmm_(start.t(), hidden)
            torch.mm(start, self._second, out=hidden_gradient)
            torch.ops.aten.threshold_backward.grad_input(
                hidden_gradient, hidden, 0, grad_input=hidden_gradient
            )
            self._first_sum.addmm_(hidden_gradient.t(), perceived)
            self._hidden_bias_sum += hidden_gradient.sum(0)
            torch.mm(hidden_gradient, self._first, out=end)
        self._update_bias_sum += update_gradient.sum(0)
        return perceived_gradient

    def weight_gradients(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Those of hidden_weight, hidden_bias, update_weight and update_bias."""
        hidden_weight_gradient = from_sums(self._first_sum)
        return (
            hidden_weight_gradient,
            self._hidden_bias_sum,
            self._second_sum,
            self._update_bias_sum,
        )
