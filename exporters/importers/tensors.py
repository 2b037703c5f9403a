"""Two layers of weights under whatever names: the lesson's automata and growing ones.

The lesson (fast.ai's course, after Distill's own notebook) reads four unscaled filters and makes
textures. Growing automata (Mordvintsev et al., Distill 2020) read three, with sobel filters over 8,
and grow from one cell. Which is which, and how the layers lie, is told from the shapes. The order
of the inputs is no matter of shapes: where the file does not hold the filters, it is a guess.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations

import numpy as np

from exporters.automaton import LARGEST_HIDDEN, Automaton
from exporters.importers.importer import (
    IDENTITY,
    LAPLACIAN,
    SOBEL_X,
    SOBEL_Y,
    Imported,
    Order,
    Weight,
    perception_matrix,
)
from exporters.reference import KERNELS
from exporters.seed import Seed

LESSON_FILTERS = np.array([IDENTITY, SOBEL_X, SOBEL_Y, LAPLACIAN])
GROWING_FILTERS = np.array([IDENTITY, SOBEL_X, SOBEL_Y]) * [[1], [1 / 8], [1 / 8]]
# A wide-spread growing automaton for PyTorch names its layers so, reads all channels through one
# filter after another, and has rows and columns exchanged.
EXCHANGED_NAMES = ("fc0.weight", "fc1.weight")
EXCHANGED_FILTERS = GROWING_FILTERS[[0, 2, 1]]
LARGEST_MISFIT = 1e-4

BORDER = "If their grid ends at its borders, that is left out: here it wraps around."
GROWING = (
    "Its three filters, its alive masking and its single living cell are taken from its shape."
)
EXCHANGED = "Its layers' names stand for one known layout, filter by filter, rows for columns."
GUESSED = {
    "channels": "The first layer is taken to read all filters of one channel after another; "
    "if it does not grow, try --order filters.",
    "filters": "The first layer is taken to read all channels through one filter after another, "
    "as --order says.",
}


def read(
    tensors: Mapping[str, Weight], name: str, order: Order | None = None
) -> Iterator[Imported]:
    """The one automaton in a file's tensors; `order` overrules the guess.

    Raises ValueError where the tensors are not two layers of a known kind.
    """
    shaped = {key: _without_ones(tensor) for key, tensor in tensors.items()}
    layers = first_name, second_name = _find_layers(shaped)
    biases = first_bias, second_bias = _bias_name(first_name), _bias_name(second_name)
    kernels = [key for key, tensor in shaped.items() if tensor.ndim >= 3]
    if unknown := sorted(set(shaped) - {*layers, *biases, *kernels}):
        raise ValueError(f"it holds {', '.join(unknown)} beside its two layers")
    first, second = shaped[first_name], shaped[second_name]
    if first.shape[0] != second.shape[1]:
        first, second = first.T, second.T
    channels, hidden = second.shape
    is_growing = first.shape[1] == 3 * channels
    if kernels:
        stored = np.concatenate([_as_kernels(shaped[key]) for key in kernels])
        matrix, notes = _stored_perception(stored, first.shape[1], channels)
    else:
        matrix, notes = _guessed_perception(layers, channels, is_growing, order)
    automaton = Automaton(
        hidden_weight=first @ matrix,
        hidden_bias=shaped.get(first_bias, np.zeros(hidden, np.float32)).reshape(hidden),
        update_weight=second,
        update_bias=shaped.get(second_bias, np.zeros(channels, np.float32)).reshape(channels),
        name=name,
        alive_masking=is_growing,
        seed=Seed("single cell") if is_growing else Seed(),
        display="premultiplied rgba over white" if is_growing else "rgb+0.5",
    )
    yield Imported(automaton, ((GROWING, BORDER) if is_growing else ()) + notes)


def _without_ones(tensor: Weight) -> Weight:
    """A 1x1 convolution as a matrix, whether its kernel comes last or first."""
    if tensor.ndim == 4 and tensor.shape[2:] == (1, 1):
        return tensor.reshape(tensor.shape[:2])
    if tensor.ndim == 4 and tensor.shape[:2] == (1, 1):
        return tensor.reshape(tensor.shape[2:])
    return tensor


def _as_kernels(tensor: Weight) -> Weight:
    """A depthwise convolution's kernels [count, 3, 3], whichever axes come first."""
    if tensor.shape[-2:] == (3, 3):
        return tensor.reshape(-1, 3, 3)
    if tensor.shape[:2] == (3, 3):
        return np.moveaxis(tensor.reshape(3, 3, -1), 2, 0)
    raise ValueError(f"a tensor has the shape {tensor.shape}")


def _find_layers(tensors: Mapping[str, Weight]) -> tuple[str, str]:
    """The names of the two matrices, the one that perceives first."""
    matrices = [key for key, tensor in tensors.items() if tensor.ndim == 2]
    for first, second in permutations(matrices, 2) if len(matrices) == 2 else ():
        shapes = tensors[first].shape, tensors[second].shape
        for (hidden, inputs), (channels, units) in (shapes, [shape[::-1] for shape in shapes]):
            if hidden == units <= LARGEST_HIDDEN and inputs in (3 * channels, 4 * channels):
                return first, second
    raise ValueError("its tensors are not two layers that read three or four filters")


def _bias_name(layer: str) -> str:
    """What the bias beside a layer's weight is called."""
    stem, dot, _ = layer.rpartition(".")
    return f"{stem}{dot}bias"


def _guessed_perception(
    layers: tuple[str, str], channels: int, is_growing: bool, order: Order | None
) -> tuple[Weight, tuple[str, ...]]:
    """The matrix of `perception_matrix`, and what was guessed; the lesson has one order only."""
    if is_growing and layers == EXCHANGED_NAMES and order is None:
        return perception_matrix(EXCHANGED_FILTERS, channels, "filters"), (EXCHANGED,)
    filters = GROWING_FILTERS if is_growing else LESSON_FILTERS
    chosen: Order = order or "channels"
    notes = (GUESSED[chosen],) if is_growing or order else ()
    return perception_matrix(filters, channels, chosen), notes


def _stored_perception(
    kernels: Weight, inputs: int, channels: int
) -> tuple[Weight, tuple[str, ...]]:
    """The same for a depthwise convolution's kernels [inputs, 3, 3]; nothing need be guessed."""
    if len(kernels) != inputs:
        raise ValueError(f"it holds {len(kernels)} filters for {inputs} inputs of its first layer")
    ours, theirs = KERNELS.reshape(4, 9).T, kernels.reshape(-1, 9).T
    parts, *_ = np.linalg.lstsq(ours, theirs, rcond=None)
    if np.abs(ours @ parts - theirs).max() > LARGEST_MISFIT:
        raise ValueError("it perceives through learnt filters, which an automaton cannot hold")
    matrix = np.zeros((inputs, channels, 4), np.float32)
    matrix[np.arange(inputs), np.arange(inputs) * channels // inputs] = parts.T
    return matrix.reshape(inputs, 4 * channels), ()
