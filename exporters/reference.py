"""The reference step in numpy: the oracle that every other backend is held to."""

import numpy as np
from numpy.typing import NDArray

from exporters.alive import alive_cells
from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.update_mask import UpdateMask, update_mask

# Cross-correlation kernels, rows from top to bottom, in the order of FILTERS.
KERNELS = np.array(
    [
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        [[1, 2, 1], [2, -12, 2], [1, 2, 1]],
    ],
    np.float32,
)


def scaled_kernels(automaton: Automaton) -> NDArray[np.float32]:
    """The four kernels with the automaton's filter scales applied, [4, 3, 3]."""
    scales = np.array(automaton.filter_scales, np.float32)
    scaled: NDArray[np.float32] = KERNELS * scales[:, None, None]
    return scaled


def perceive(automaton: Automaton, state: NDArray[np.float32]) -> NDArray[np.float32]:
    """Filter every channel on the torus: [channels, h, w] -> [4 * channels, h, w]."""
    channels, height, width = state.shape
    padded = np.pad(state, ((0, 0), (1, 1), (1, 1)), mode="wrap")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    filtered: NDArray[np.float32] = np.einsum("chwij,fij->cfhw", windows, scaled_kernels(automaton))
    return filtered.reshape(4 * channels, height, width)


def step(
    automaton: Automaton, state: NDArray[np.float32], fires: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Advance once: state [channels, h, w] and fires [h, w] give the new state.

    Raises:
        LichenError: the state or the mask has another shape than the automaton asks for.
    """
    _check_state(automaton, state)
    if fires.shape != state.shape[1:]:
        raise LichenError(f"the mask is {fires.shape}, the grid is {state.shape[1:]}.")
    perception = perceive(automaton, state)
    hidden = np.einsum("np,phw->nhw", automaton.hidden_weight, perception)
    hidden = np.maximum(hidden + automaton.hidden_bias[:, None, None], 0)
    update = np.einsum("cn,nhw->chw", automaton.update_weight, hidden)
    update += automaton.update_bias[:, None, None]
    new_state = np.where(fires, state + update, state).astype(np.float32)
    if automaton.alive_masking:
        survives = alive_cells(state) & alive_cells(new_state)
        new_state = np.where(survives, new_state, np.float32(0))
    if automaton.clamp is not None:
        new_state = np.clip(new_state, *np.array(automaton.clamp, np.float32))
    return new_state


def run(
    automaton: Automaton,
    state: NDArray[np.float32],
    steps: int,
    random_seed: int = 0,
    first_step: int = 0,
    mask: UpdateMask = update_mask,
) -> NDArray[np.float32]:
    """Advance `steps` times with the update masks of steps first_step, first_step + 1, ...

    Raises:
        LichenError: the state has another shape than the automaton asks for.
    """
    _, height, width = state.shape
    for index in range(first_step, first_step + steps):
        fires = mask(width, height, index, random_seed, automaton.update_rate)
        state = step(automaton, state, fires)
    return state


def _check_state(automaton: Automaton, state: NDArray[np.float32]) -> None:
    if state.ndim != 3 or state.shape[0] != automaton.channels:
        raise LichenError(
            f"the state is {state.shape}, {automaton.name} needs [{automaton.channels}, h, w]."
        )
