"""The texture models of Niklasson et al., "Self-Organising Textures" (Distill 2021).

One JSON file holds many automata. Its two layers are PNG pictures of 8-bit weights, which the
article's page uses as textures. The page runs them in 8 bits too, with the state within about
[-2, 2] and shown as `state / 2 + 0.5`. Here the state is halved, so that it is shown as usual;
the weights make up for that exactly.
"""

import base64
import io
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

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

# Sobel filters and laplacian are divided by 8.
FILTERS = np.array([IDENTITY, SOBEL_X, SOBEL_Y, LAPLACIAN]) * [[1], [1 / 8], [1 / 8], [1 / 8]]
ZERO_LEVEL = 127
STATE_SCALE_AND_ZERO = (4.0, ZERO_LEVEL / 255)
SHRINKING = 2.0
LARGEST_TEXELS = 2**24
DATA_URL = "data:image/"

NOTES = (
    "The rounding of states and layers to 8 bits is left out.",
    "The limits of what a cell perceives and of its hidden values are left out; "
    "the state keeps its limits.",
)


def fits(content: Any) -> bool:
    """Whether a JSON value has this layout."""
    try:
        layers = content["layers"]
        return isinstance(content["model_names"], list) and all(
            str(layer["data"])[: len(DATA_URL)].lower() == DATA_URL for layer in layers
        )
    except (KeyError, TypeError):
        return False


def read(content: Any, name: str) -> Iterator[Imported]:
    """All automata. Raises ValueError, KeyError, TypeError or OSError for what does not fit."""
    first, second = content["layers"]
    first_tiling, second_tiling = Tiling.read(first), Tiling.read(second)
    first_grid, second_grid = _weights(first, first_tiling), _weights(second, second_tiling)
    state_scale, state_zero = second.get("quant_scale_zero", STATE_SCALE_AND_ZERO)
    half = state_scale / SHRINKING
    for index, label in enumerate(content["model_names"]):
        automaton = _automaton(
            first_tiling.cut(first_grid, index),
            second_tiling.cut(second_grid, index),
            str(label),
            clamp=(-state_zero * half, (1 - state_zero) * half),
        )
        yield Imported(automaton, NOTES)


def _automaton(first: Weight, second: Weight, name: str, clamp: tuple[float, float]) -> Automaton:
    matrix = perception_matrix(FILTERS, second.shape[1], "filters")
    return Automaton(
        hidden_weight=first[:-1].T @ matrix * np.float32(SHRINKING),
        hidden_bias=first[-1],
        update_weight=second[:-1].T / np.float32(SHRINKING),
        update_bias=second[-1] / np.float32(SHRINKING),
        name=name,
        clamp=clamp,
    )


def _weights(layer: Any, tiling: Tiling) -> Weight:
    """The weights of all automata in their tiles, [height, width, 4]."""
    encoded = layer["data"].partition(",")[2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(base64.b64decode(encoded)), formats=["PNG"]) as picture:
            if picture.size != tiling.texels or picture.mode != "RGBA":
                raise ValueError(f"a layer's picture is not {tiling.texels} texels of RGBA")
            if picture.width * picture.height > LARGEST_TEXELS:
                raise ValueError("a layer's picture is too large")
            levels = np.asarray(picture, np.float32)
    return (levels - np.float32(ZERO_LEVEL)) * np.float32(layer["scale"] / 255)
