"""The step for graphics cards: plain torch over all cells, which torch.compile fuses.

A processor gains by visiting only the cells that fire. A card would wait at each step to be told
how many they are; it computes all of them sooner. States are channels-last.
"""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional

from exporters.alive import ALIVE_THRESHOLD, ALPHA_CHANNEL
from exporters.errors import LichenError
from training.alive_step import touched

WholeStep = Callable[..., Tensor]


def whole_step(
    state: Tensor,
    fires: Tensor,
    hidden_weight: Tensor,
    hidden_bias: Tensor,
    update_weight: Tensor,
    update_bias: Tensor,
    clamp: tuple[float, float] | None,
    alive_masking: bool,
) -> Tensor:
    """Advance state [batch, h, w, c], fires bool [batch, h, w], in a way autograd can follow.

    hidden_weight [hidden, 4 c] is filter-major with the scales applied.
    """
    hidden = functional.linear(perceive_all(state), hidden_weight, hidden_bias).relu()
    update = functional.linear(hidden, update_weight, update_bias).to(state.dtype)
    new_state = state + update * fires[..., None]
    if clamp is not None:
        new_state = new_state.clamp(*clamp)
    if alive_masking:
        before, after = (touched(is_mature(cells)) for cells in (state, new_state))
        new_state = new_state * (before & after)[..., None]
    return new_state


def perceive_all(state: Tensor) -> Tensor:
    """All cells [batch, h, w, c] through all filters, unscaled and filter-major, [.., 4 c]."""
    above, below = state.roll(1, 1), state.roll(-1, 1)
    column_sum, difference = above + 2 * state + below, below - above
    left_sum, right_sum = column_sum.roll(1, 2), column_sum.roll(-1, 2)
    sobel_y = difference.roll(1, 2) + 2 * difference + difference.roll(-1, 2)
    laplacian = left_sum + 2 * column_sum + right_sum - 16 * state
    return torch.cat([state, right_sum - left_sum, sobel_y, laplacian], dim=3)


def is_mature(state: Tensor) -> Tensor:
    """The cells of state [batch, h, w, c] with enough alpha to keep others alive."""
    return state[..., ALPHA_CHANNEL] > ALIVE_THRESHOLD


def compile_whole_step(backend: str = "inductor") -> WholeStep:
    """`whole_step`, compiled at its first call for each shape it meets.

    That call raises LichenError where nothing on this machine can compile.
    """
    compiled = cast("WholeStep", torch.compile(whole_step, fullgraph=True, backend=backend))

    def step(*arguments: Tensor | tuple[float, float] | bool | None) -> Tensor:
        try:
            return compiled(*arguments)
        except torch._dynamo.exc.BackendCompilerFailed as error:
            raise LichenError(
                "the step cannot be compiled here: PyTorch needs a C++ compiler, and Triton for a "
                "graphics card; leave out --compile."
            ) from error

    return step
