"""Perception of flattened toruses by sums of shifted arrays, and its transpose.

Every grid is wrapped by one cell on each side and all are flattened, [places, channels]: the right
neighbour of a cell is then one place further and the one below `pitch` places, so a filter is a
sum of whole shifted arrays without any border. The filters share their sums: with S the state and
box(p) the sum of the 2x2 cells whose upper left one is p,

    column(p) = box(p) + box(p - pitch)      sobel-x(p) = column(p) - column(p - 1)
    slope(p)  = box(p) - box(p - pitch)      sobel-y(p) = slope(p) + slope(p - 1)
                                             laplacian(p) = column(p) + column(p - 1) - 16 S(p)

A cell therefore gathers [column(p - 1), column(p), sobel-y(p), S(p)], of which the first two lie
side by side in memory, and the first layer's weight is changed so that it reads these sums.
"""

import torch
from torch import Tensor

from exporters.automaton import FILTERS


class Layout:
    """Where the cells of grids [batch, height, width] lie once wrapped and flattened."""

    def __init__(self, batch: int, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.pitch = width + 2
        self.places = batch * (height + 2) * self.pitch
        # From the first place that has all eight neighbours to the last: the inner places.
        self.inside = slice(self.pitch + 1, self.places - self.pitch - 1)
        self.inner_places = self.places - 2 * (self.pitch + 1)

    def wrap(self, cells: Tensor) -> Tensor:
        """Flatten cells [n, height, width, ...] to [places, ...] with the borders repeated."""
        shape = (len(cells), self.height + 2, self.pitch, *cells.shape[3:])
        wrapped = cells.new_empty(shape)
        wrapped[:, 1:-1, 1:-1] = cells
        wrapped[:, 1:-1, 0] = cells[:, :, -1]
        wrapped[:, 1:-1, -1] = cells[:, :, 0]
        wrapped[:, 0] = wrapped[:, -2]
        wrapped[:, -1] = wrapped[:, 1]
        return wrapped.flatten(0, 2)

    def unwrap(self, flat: Tensor) -> Tensor:
        """A view of the cells [n, height, width, ...] of what `wrap` returned."""
        grids: Tensor = flat.unflatten(0, (-1, self.height + 2, self.pitch))
        return grids[:, 1:-1, 1:-1]

    def inner_indices(self, device: torch.device) -> Tensor:
        """For every cell its number among the inner places, int64 [batch * height * width]."""
        numbers = torch.arange(self.places, device=device) - self.inside.start
        return self.unwrap(numbers).flatten()


class Perception:
    """Perceives one state after the other, in the same few buffers."""

    def __init__(self, layout: Layout, like: Tensor) -> None:
        """`like` [places, channels] tells the channels, the type and the device."""
        pitch, inner, channels = layout.pitch, layout.inner_places, like.shape[1]
        self._pitch, self._inside = pitch, layout.inside
        self._pair = torch.empty_like(like[pitch:])
        self._box = torch.empty_like(like[pitch + 1 :])
        self._slope = like.new_empty(inner + 1, channels)
        # The pairs are not needed once there are columns, nor the boxes in the end.
        self._column, self._sobel_y = self._pair[: inner + 1], self._box[:inner]
        self._both_columns = self._column.as_strided((inner, 2 * channels), (channels, 1))

    def look(self, state: Tensor) -> None:
        """Compute all sums of a state [places, channels]."""
        pitch, pair, box, slope = self._pitch, self._pair, self._box, self._slope
        torch.add(state[:-pitch], state[pitch:], out=pair)
        torch.add(pair[:-1], pair[1:], out=box)
        torch.add(box[:-pitch], box[pitch:], out=self._column)
        torch.sub(box[pitch:], box[:-pitch], out=slope)
        torch.add(slope[:-1], slope[1:], out=self._sobel_y)
        self._state = state[self._inside]

    def gather(self, rows: Tensor) -> Tensor:
        """What the cells at inner places rows [n] perceive, [n, 4 channels]."""
        channels = self._state.shape[1]
        perceived = self._state.new_empty(len(rows), len(FILTERS) * channels)
        both_columns, sobel_y, state = perceived.split((2 * channels, channels, channels), dim=1)
        torch.index_select(self._both_columns, 0, rows, out=both_columns)
        torch.index_select(self._sobel_y, 0, rows, out=sobel_y)
        torch.index_select(self._state, 0, rows, out=state)
        return perceived


class PerceptionTranspose:
    """Takes the gradients of what cells perceived back to their state, in the same few buffers."""

    def __init__(self, layout: Layout, like: Tensor) -> None:
        """`like` [places, channels] tells the channels, the type and the device."""
        self._pitch, self._inner, self._inside = layout.pitch, layout.inner_places, layout.inside
        self._left, self._here = torch.empty_like(like), torch.empty_like(like)
        self._column = torch.empty_like(like[1:])
        self._box = torch.empty_like(like[layout.pitch + 1 :])

    def add_to(self, gradient: Tensor, perceived_gradient: Tensor, slots: Tensor) -> None:
        """Add to the gradient [inner places, channels] of a state, in place.

        perceived_gradient [n, 4 channels]; slots [places] is the row in it of each place.
        """
        pitch, inner = self._pitch, self._inner
        left, here, column, box = self._left, self._here, self._column, self._box
        left_part, here_part, sobel_y_part, state_part = perceived_gradient.chunk(len(FILTERS), 1)
        torch.index_select(left_part, 0, slots, out=left)
        torch.index_select(here_part, 0, slots, out=here)
        torch.add(here[:-1], left[1:], out=column)
        torch.index_select(sobel_y_part, 0, slots, out=here)
        slope = torch.add(here[:-1], here[1:], out=left[:-1])
        lower = torch.sub(column, slope, out=here[:-1])
        upper = column.add_(slope)
        torch.add(upper[:-pitch], lower[pitch:], out=box)
        pair = torch.add(box[:-1], box[1:], out=left[: len(box) - 1])
        gradient.add_(pair[:inner]).add_(pair[pitch:])
        torch.index_select(state_part, 0, slots[self._inside], out=here[:inner])
        gradient.add_(here[:inner])


def to_sums(weight: Tensor) -> Tensor:
    """A weight [hidden, 4 channels] for filters, listed filter by filter, as one for the sums."""
    identity, sobel_x, sobel_y, laplacian = weight.chunk(len(FILTERS), dim=1)
    parts = (laplacian - sobel_x, laplacian + sobel_x, sobel_y, identity - 16 * laplacian)
    return torch.cat(parts, dim=1)


def from_sums(weight_gradient: Tensor) -> Tensor:
    """The transpose of `to_sums`."""
    left, here, sobel_y, state = weight_gradient.chunk(len(FILTERS), dim=1)
    return torch.cat((state, here - left, sobel_y, left + here - 16 * state), dim=1)
