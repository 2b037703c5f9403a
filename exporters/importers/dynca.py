"""DyNCA (Pajouheshgar et al., CVPR 2023): the JSON that its notebook writes for its web page.

Tiles as in Distill's file, but as a flat list of numbers from 0 to 1: a weight is
`(number - center) * scale`. The filters are not scaled. The first layer may read two more inputs,
the cell's place on the grid.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from exporters.automaton import Automaton
from exporters.importers.importer import (
    IDENTITY,
    LAPLACIAN,
    SOBEL_X,
    SOBEL_Y,
    Imported,
    Weight,
    perception_matrix,
)
from exporters.importers.tiles import Tiling

FILTERS = (IDENTITY, SOBEL_X, SOBEL_Y, LAPLACIAN)

BORDER = "Their grid ends at its borders; here it wraps around."
SCALES = "If it was trained to perceive at several scales, those but the first are left out."
POSITION = (
    "The cells' knowledge of their place is left out: every cell behaves like one in the middle."
)


def fits(content: Any) -> bool:
    """Whether a JSON value has this layout."""
    try:
        return isinstance(content["model_names"], list) and all(
            isinstance(layer["data_flatten"], list) for layer in content["layers"]
        )
    except (KeyError, TypeError):
        return False


def read(content: Any, name: str) -> Iterator[Imported]:
    """All automata. Raises ValueError, KeyError or TypeError for what does not fit."""
    first, second = content["layers"]
    first_tiling, second_tiling = Tiling.read(first), Tiling.read(second)
    first_grid, second_grid = _weights(first, first_tiling), _weights(second, second_tiling)
    for index, label in enumerate(content["model_names"]):
        yield _imported(
            first_tiling.cut(first_grid, index), second_tiling.cut(second_grid, index), str(label)
        )


def _imported(first: Weight, second: Weight, name: str) -> Imported:
    channels, hidden = second.shape[1], first.shape[1]
    perceived = len(FILTERS) * channels
    knows_place = {perceived + 1: False, perceived + 3: True}[len(first)]
    has_bias = {hidden: False, hidden + 1: True}[len(second)]
    automaton = Automaton(
        hidden_weight=first[:perceived].T @ perception_matrix(FILTERS, channels, "filters"),
        hidden_bias=first[-1],
        update_weight=second[:hidden].T,
        update_bias=second[-1] if has_bias else np.zeros(channels, np.float32),
        name=name,
    )
    return Imported(automaton, (BORDER, SCALES, *([POSITION] if knows_place else [])))


def _weights(layer: Any, tiling: Tiling) -> Weight:
    """The weights of all automata in their tiles, [height, width, 4]."""
    width, height = tiling.texels
    numbers = np.array(layer["data_flatten"], np.float32).reshape(height, width, 4)
    return (numbers - np.float32(layer["center"])) * np.float32(layer["scale"])
