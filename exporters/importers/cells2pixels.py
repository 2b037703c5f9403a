"""Cells2Pixels (Pajouheshgar et al., 2025): the JSON that its web pages load.

Each automaton is an object of arrays, `{"shape", "dtype", "data64"}`, alone or under its name. The
pages paint what lies between the cells with a second network, which reads the cells' states.
"""

import base64
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
from exporters.seed import Seed

FILTERS = (IDENTITY, SOBEL_X, SOBEL_Y, LAPLACIAN)
HIDDEN_WEIGHT, HIDDEN_BIAS, UPDATE_WEIGHT = "nca.w1.weight", "nca.w1.bias", "nca.w2.weight.T"
# The colours and the alpha that the painting network gives where it paints a form.
FORM_OUTPUTS = 4

PAINTER = (
    "The network that paints between the cells is left out: "
    "the first three channels are shown as colours, which are not those of its picture."
)
FORM = "That it is a form which grows from one cell is taken from what its painting network gives."


def fits(content: Any) -> bool:
    """Whether a JSON value has this layout."""
    if not isinstance(content, dict) or not content:
        return False
    return HIDDEN_WEIGHT in content or all(
        isinstance(arrays, dict) and HIDDEN_WEIGHT in arrays for arrays in content.values()
    )


def read(content: Any, name: str) -> Iterator[Imported]:
    """All automata. Raises ValueError, KeyError or TypeError for what does not fit."""
    if HIDDEN_WEIGHT in content:
        content = {name: content}
    for label, arrays in content.items():
        yield _imported(arrays, label)


def _imported(arrays: Any, name: str) -> Imported:
    first, bias, second = (
        _array(arrays[key]) for key in (HIDDEN_WEIGHT, HIDDEN_BIAS, UPDATE_WEIGHT)
    )
    hidden, channels = second.shape
    is_form = _painter_outputs(arrays) == FORM_OUTPUTS
    automaton = Automaton(
        hidden_weight=first @ perception_matrix(FILTERS, channels, "filters"),
        # Arrays are padded with zeros to a multiple of four.
        hidden_bias=bias[:hidden],
        update_weight=second.T,
        update_bias=np.zeros(channels, np.float32),
        name=name,
        alive_masking=is_form,
        seed=Seed("single cell") if is_form else Seed(),
        display="premultiplied rgba over white" if is_form else "rgb+0.5",
    )
    return Imported(automaton, (PAINTER, FORM) if is_form else (PAINTER,))


def _painter_outputs(arrays: Any) -> int:
    """How many numbers the painting network's last layer gives; 0 where there is none."""
    layers = [
        key for key in arrays if key.endswith(".weight") and key.startswith(("lppn.", "siren."))
    ]
    return int(arrays[max(layers)]["shape"][0]) if layers else 0


def _array(description: Any) -> Weight:
    if description["dtype"] != "float32":
        raise ValueError(f"an array holds {description['dtype']!r:.40}, it should be float32")
    data = base64.b64decode(description["data64"], validate=True)
    return np.frombuffer(data, "<f4").reshape(description["shape"]).astype(np.float32)
