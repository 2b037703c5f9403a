"""The step in numpy for weights that change every moment: no shader has to be compiled for them.

Exact against `exporters.reference`, and many times faster: the filters share their partial sums,
only the cells that fire are computed, and nothing is allocated anew that can be kept.
"""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from exporters.alive import alive_cells
from exporters.automaton import FILTERS, Automaton
from exporters.baker import CHANNELS_PER_TEXTURE, texture_count
from exporters.reference import KERNELS
from exporters.update_mask import update_mask

IDENTITY, SOBEL_X, SOBEL_Y, BLUR = range(len(FILTERS))
# The laplacian is the 1-2-1 blur less this many times the cell itself.
BLUR_LESS_LAPLACIAN = float(KERNELS[0, 1, 1] * 4 - KERNELS[3, 1, 1])
# Four floats of one cell, as one item to gather and scatter.
TEXEL = np.complex128
THREADS = ThreadpoolController()


class LiveStep:
    """Advances a grid that lies in memory as the state's textures hold it.

    `state` [textures, height, width, 4] may be written to between the steps.
    """

    def __init__(self, automaton: Automaton, width: int, height: int) -> None:
        """Begin with an all-zero grid."""
        textures = texture_count(automaton.channels)
        four = CHANNELS_PER_TEXTURE
        self._padded = np.zeros((textures, height + 2, width + 2, four), np.float32)
        self.state = self._padded[:, 1:-1, 1:-1]
        self._columns = np.empty((textures, height, width + 2, four), np.float32)
        self._rows = np.empty((textures, height + 2, width, four), np.float32)
        self._filtered = np.empty((len(FILTERS), textures, height, width, four), np.float32)
        self._cells = np.empty((height * width, len(FILTERS) * textures * four), np.float32)
        self._hidden = np.empty((height * width, automaton.hidden), np.float32)
        self._automaton = automaton
        self._hidden_weight = _arrange_hidden_weight(automaton)
        self._update_weight = _pad_channels(automaton.update_weight.T)
        self._update_bias = _pad_channels(automaton.update_bias)

    def step(self, step_index: int, random_seed: int) -> None:
        """Advance once, with the hashed update mask of this step."""
        automaton = self._automaton
        _, height, width, _ = self.state.shape
        fires = update_mask(width, height, step_index, random_seed, automaton.update_rate)
        was_alive = self._alive_cells() if automaton.alive_masking else None
        self._perceive()
        # More threads would fight over a core with the training that changes the weights.
        with THREADS.limit(limits=1, user_api="blas"):
            with np.errstate(over="ignore", invalid="ignore"):  # Young weights may run away.
                self._update(fires)
        if was_alive is not None:
            self.state[:, ~(was_alive & self._alive_cells())] = 0
        if automaton.clamp is not None:
            self._clamp(*automaton.clamp)

    def _perceive(self) -> None:
        """Filter every channel: the separable filters share their first pass."""
        padded, columns, rows, filtered = self._padded, self._columns, self._rows, self._filtered
        padded[:, 0], padded[:, -1] = padded[:, -2], padded[:, 1]
        padded[:, :, 0], padded[:, :, -1] = padded[:, :, -2], padded[:, :, 1]
        filtered[IDENTITY] = self.state
        _smooth(padded[:, :-2], padded[:, 1:-1], padded[:, 2:], out=columns)
        _smooth(padded[:, :, :-2], padded[:, :, 1:-1], padded[:, :, 2:], out=rows)
        np.subtract(columns[:, :, 2:], columns[:, :, :-2], out=filtered[SOBEL_X])
        np.subtract(rows[:, 2:], rows[:, :-2], out=filtered[SOBEL_Y])
        _smooth(rows[:, :-2], rows[:, 1:-1], rows[:, 2:], out=filtered[BLUR])

    def _update(self, fires: NDArray[np.bool_]) -> None:
        """Run both layers on the cells that fire and put the new values in their places."""
        places = np.flatnonzero(fires)
        cells, hidden = self._cells[: len(places)], self._hidden[: len(places)]
        for column, texels in enumerate(self._filtered.view(TEXEL).reshape(-1, fires.size)):
            cells.view(TEXEL)[:, column] = texels[places]
        np.matmul(cells, self._hidden_weight[:-1], out=hidden)
        hidden += self._hidden_weight[-1]
        np.maximum(hidden, 0, out=hidden)
        new = hidden @ self._update_weight
        new += self._update_bias
        new += cells[:, : new.shape[1]]
        for texels, values in zip(self.state.view(TEXEL)[..., 0], new.view(TEXEL).T, strict=True):
            texels[fires] = values

    def _alive_cells(self) -> NDArray[np.bool_]:
        return alive_cells(self.state[0].transpose(2, 0, 1))

    def _clamp(self, low: float, high: float) -> None:
        """Clamp the channels that there are; those that only fill a texture stay zero."""
        for index, texture in enumerate(self.state):
            used = texture[..., : self._automaton.channels - index * CHANNELS_PER_TEXTURE]
            np.clip(used, np.float32(low), np.float32(high), out=used)


def _smooth(
    before: NDArray[np.float32],
    middle: NDArray[np.float32],
    after: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """The filter 1-2-1 along one axis."""
    np.multiply(middle, 2, out=out)
    out += before
    out += after


def _arrange_hidden_weight(automaton: Automaton) -> NDArray[np.float32]:
    """The first layer for filters in our order, [4 * padded channels + 1, hidden].

    All channels of one filter lie together; the blur stands for the laplacian. The last row is
    the bias.
    """
    weight = automaton.hidden_weight.astype(np.float64).T
    weight = weight.reshape(automaton.channels, len(FILTERS), automaton.hidden).transpose(1, 0, 2)
    weight = weight * np.array(automaton.filter_scales)[:, None, None]
    weight[IDENTITY] -= BLUR_LESS_LAPLACIAN * weight[BLUR]
    missing = -automaton.channels % CHANNELS_PER_TEXTURE
    padded = np.pad(weight, ((0, 0), (0, missing), (0, 0))).reshape(-1, automaton.hidden)
    return np.vstack([padded, automaton.hidden_bias]).astype(np.float32)


def _pad_channels(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Zeros for the channels that only fill the last texture, on the last axis."""
    missing = -values.shape[-1] % CHANNELS_PER_TEXTURE
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])
