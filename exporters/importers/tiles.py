"""Layers of many automata packed into one grid of tiles, as Distill's page and DyNCA's load them.

A tile has one row for each input and, where there is one, a last row for the bias; four outputs
share a texel. Automaton i lies in column i % columns, row i // columns.
"""

from dataclasses import dataclass
from typing import Any

from exporters.automaton import FILTERS, LARGEST_CHANNELS, LARGEST_HIDDEN
from exporters.importers.importer import Weight

LARGEST_INPUTS = max(LARGEST_HIDDEN, LARGEST_CHANNELS * len(FILTERS)) + 3


@dataclass(frozen=True)
class Tiling:
    """The layout of one layer: its `inputs` count the row of the bias."""

    inputs: int
    outputs: int
    columns: int
    rows: int

    @staticmethod
    def read(layer: Any) -> "Tiling":
        """Take it from the JSON. Raises ValueError, KeyError or TypeError where it does not fit."""
        sizes = [*layer["shape"], *layer["layout"]]
        if len(sizes) != 4 or not all(type(size) is int for size in sizes):
            raise ValueError("a layer's shape and layout are not two whole numbers each")
        tiling = Tiling(*sizes)
        if not (
            1 <= tiling.inputs <= LARGEST_INPUTS
            and 1 <= tiling.outputs <= LARGEST_HIDDEN
            and min(tiling.columns, tiling.rows) >= 1
        ):
            raise ValueError(f"a layer's shape and layout {sizes} are out of range")
        return tiling

    @property
    def texels(self) -> tuple[int, int]:
        """How wide and how high the whole grid is."""
        return self.columns * self._tile_width, self.rows * self.inputs

    @property
    def _tile_width(self) -> int:
        return -(-self.outputs // 4)

    def cut(self, grid: Weight, index: int) -> Weight:
        """The layer of one automaton, [inputs, outputs], from the grid [height, width, 4].

        Raises ValueError where the grid holds no such automaton.
        """
        row, column = divmod(index, self.columns)
        if row >= self.rows:
            raise ValueError(f"there are names for more than {self.columns * self.rows} automata")
        tiles = grid.reshape(self.rows, self.inputs, self.columns, self._tile_width * 4)
        return tiles[row, :, column, : self.outputs]
