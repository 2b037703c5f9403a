"""Small files in the layouts of other programs, with random weights, for tests of importers."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.reference import KERNELS

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Layers:
    """What another program computes with: inputs times outputs, biases apart."""

    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats


def random_layers(channels: int, hidden: int, inputs: int, weight_seed: int = 0) -> Layers:
    """Weights that keep states small for a few steps."""
    draw = np.random.default_rng(weight_seed).normal
    return Layers(
        draw(scale=0.1, size=(inputs, hidden)).astype(np.float32),
        draw(scale=0.2, size=hidden).astype(np.float32),
        draw(scale=0.05, size=(hidden, channels)).astype(np.float32),
        draw(scale=0.02, size=channels).astype(np.float32),
    )


def their_step(
    layers: Layers, perceived: Sequence[Floats], state: Floats, fires: NDArray[np.bool_]
) -> Floats:
    """A step as they write it, without limits: `perceived` are their inputs [h, w], in order."""
    hidden = np.einsum("ihw,io->ohw", np.stack(list(perceived)), layers.first)
    hidden = np.maximum(hidden + layers.first_bias[:, None, None], 0)
    change = np.einsum("ihw,io->ohw", hidden, layers.second) + layers.second_bias[:, None, None]
    return (state + change * fires).astype(np.float32)


def filtered(plane: Floats, which: int) -> Floats:
    """One channel [h, w] through one of our unscaled kernels, on the torus."""
    total = np.zeros_like(plane)
    for row in range(3):
        for column in range(3):
            neighbour = np.roll(plane, (1 - row, 1 - column), (0, 1))
            total += KERNELS[which, row, column] * neighbour
    return total


def filter_by_filter(state: Floats, scales: Sequence[float]) -> list[Floats]:
    """All channels through the first filter, then all through the second, and so on."""
    return [
        filtered(plane, which) * np.float32(scale)
        for which, scale in enumerate(scales)
        for plane in state
    ]


def tile(layers: Sequence[Floats], columns: int) -> Floats:
    """Layers [inputs, outputs] side by side and below each other, [height, width, 4]."""
    inputs, outputs = layers[0].shape
    rows = -(-len(layers) // columns)
    width = -(-outputs // 4)
    grid = np.zeros((rows * inputs, columns * width, 4), np.float32)
    for index, layer in enumerate(layers):
        row, column = divmod(index, columns)
        texels = np.pad(layer, ((0, 0), (0, width * 4 - outputs))).reshape(inputs, width, 4)
        grid[row * inputs :, column * width :][:inputs, :width] = texels
    return grid


def with_bias(weight: Floats, bias: Floats) -> Floats:
    """A layer with its bias as the last row."""
    return np.vstack([weight, bias])


def distill_json(
    names: Sequence[str], channels: int = 6, hidden: int = 10
) -> tuple[dict[str, Any], list[Layers]]:
    """A file of texture models, and the weights that its 8-bit pictures stand for."""
    models = [random_layers(channels, hidden, 4 * channels, seed) for seed in range(len(names))]
    first, first_read = _picture_layer([with_bias(m.first, m.first_bias) for m in models])
    second, second_read = _picture_layer([with_bias(m.second, m.second_bias) for m in models])
    first["quant_scale_zero"], second["quant_scale_zero"] = [2.0, 0.0], [4.0, 127 / 255]
    read = [
        Layers(f[:-1], f[-1], s[:-1], s[-1]) for f, s in zip(first_read, second_read, strict=True)
    ]
    return {"model_names": list(names), "layers": [first, second]}, read


def _picture_layer(layers: list[Floats], columns: int = 2) -> tuple[dict[str, Any], list[Floats]]:
    scale = 2 * float(np.abs(layers).max())
    levels = [np.round(layer / scale * 255 + 127).clip(0, 255) for layer in layers]
    # Padding is zero, not the level of zero: a reader that takes it for a weight is found out.
    pixels = tile([level.astype(np.float32) for level in levels], columns).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, "PNG")
    rows = -(-len(layers) // columns)
    description = {
        "scale": scale,
        "data": f"data:image/PNG;base64,{base64.b64encode(file.getvalue()).decode()}",
        "shape": list(layers[0].shape),
        "layout": [columns, rows],
    }
    return description, [((level - 127) / 255 * scale).astype(np.float32) for level in levels]


def dynca_json(
    names: Sequence[str], channels: int = 6, hidden: int = 10, knows_place: bool = True
) -> tuple[dict[str, Any], list[Layers]]:
    """A file of DyNCA's page; the last two inputs are the place, where cells know it."""
    inputs = 4 * channels + 2 * knows_place
    models = [random_layers(channels, hidden, inputs, seed) for seed in range(len(names))]
    layers = [
        _flat_layer([with_bias(m.first, m.first_bias) for m in models]),
        _flat_layer([with_bias(m.second, m.second_bias) for m in models]),
    ]
    return {"model_names": list(names), "layers": layers}, models


def _flat_layer(layers: list[Floats], columns: int = 2) -> dict[str, Any]:
    grid = tile(layers, columns)
    low, high = float(grid.min()), float(grid.max())
    return {
        "scale": high - low,
        "center": -low / (high - low),
        "data_flatten": ((grid - low) / (high - low)).astype(float).flatten().tolist(),
        "data_shape": list(grid.shape),
        "shape": list(layers[0].shape),
        "layout": [columns, -(-len(layers) // columns)],
    }


def cells2pixels_json(layers: Layers, painter_outputs: int) -> dict[str, Any]:
    """One automaton of Cells2Pixels' pages; there is no second bias."""
    painter = np.zeros((painter_outputs, 8), np.float32)
    return {
        "nca.w1.weight": _array(layers.first.T),
        "nca.w1.bias": _array(layers.first_bias),
        "nca.w2.weight.T": _array(layers.second),
        "lppn.net.0.linear.weight": _array(np.zeros((8, 8), np.float32)),
        "lppn.net.3.weight": _array(painter),
    }


def _array(values: Floats) -> dict[str, Any]:
    data = np.ascontiguousarray(values, "<f4").tobytes()
    return {
        "shape": list(values.shape),
        "dtype": "float32",
        "data64": base64.b64encode(data).decode(),
    }
