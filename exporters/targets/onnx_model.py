"""`onnx`: one step as ONNX graphs, one that is given the update mask and one that hashes its own.

The graphs are written in ONNX's own text form, in the files of the folder `onnx`; this module puts
the numbers in. Grids and batches may have any size.
"""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import numpy as np

from exporters.automaton import LARGEST_CHANNELS, Automaton
from exporters.content import INSTRUCTION
from exporters.reference import scaled_kernels
from exporters.targets.numpy_text import COLOURS
from exporters.targets.plain_text import credit_lines, one_line
from exporters.targets.target import ExportOptions, Files, Target
from exporters.update_mask import firing_threshold

if TYPE_CHECKING:
    from onnx import ModelProto, TensorProto

FOLDER = Path(__file__).parent / "onnx"
STEP_FILE, HASHED_STEP_FILE = "step.onnx", "step_hashed.onnx"

# How the read-me's program fills the grid.
STARTS = {
    "zeros": "states = np.zeros((1, {channels}, height, width), np.float32)",
    "uniform": (
        "noise = np.random.default_rng(random_seed)\n"
        "states = noise.uniform({low}, {high}, (1, {channels}, height, width)).astype(np.float32)"
    ),
    "single cell": (
        "states = np.zeros((1, {channels}, height, width), np.float32)\n"
        "states[0, {first}:, height // 2, width // 2] = 1"
    ),
}


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """Both models and a read-me. Raises ModuleNotFoundError without the package onnx."""
    (automaton,) = automata
    return {
        STEP_FILE: _to_bytes(_model(automaton, "step.txt")),
        HASHED_STEP_FILE: _to_bytes(_model(automaton, "step_hashed.txt")),
        "README.md": _read_me(automaton).encode(),
    }


def _model(automaton: Automaton, name: str) -> "ModelProto":
    """A graph of the text `name` with an automaton's numbers, checked."""
    from onnx import checker, helper, inliner, parser

    text = _fill(name, channels=automaton.channels, advance=_advance(automaton))
    # Functions keep the text short; not all runtimes know them, so they are written out.
    model = inliner.inline_local_functions(parser.parse_model(text + _read("functions.txt")))
    used = {value for node in model.graph.node for value in node.input}
    model.graph.initializer.extend(tensor for tensor in _numbers(automaton) if tensor.name in used)
    del model.opset_import[1:]  # that of the functions, which are gone
    model.producer_name = "lichen"
    model.doc_string = "\n".join(credit_lines(automaton))
    helper.set_model_props(model, _properties(automaton))
    checker.check_model(model, full_check=True)
    return model


def _advance(automaton: Automaton) -> str:
    """The step itself, from `state` and `fires` to `new_state`."""
    text, result = _fill("advance.txt", channels=automaton.channels), "updated"
    if automaton.alive_masking:
        text, result = text + _read("mask_alive.txt"), "masked"
    operation = "Identity" if automaton.clamp is None else "Clip"
    limits = "" if automaton.clamp is None else ", lowest, highest"
    return f"{text}\n    new_state = {operation} ({result}{limits})"


def _numbers(automaton: Automaton) -> list["TensorProto"]:
    """Everything that the graphs name and do not compute."""
    from onnx import numpy_helper

    low, high = automaton.clamp or (0.0, 0.0)
    arrays = {
        "one_cell": np.array([0, 0, 1, 1, 0, 0, 1, 1]),
        "filters": np.tile(scaled_kernels(automaton), (automaton.channels, 1, 1))[:, None],
        "hidden_weight": automaton.hidden_weight[:, :, None, None],
        "hidden_bias": automaton.hidden_bias,
        "update_weight": automaton.update_weight[:, :, None, None],
        "update_bias": automaton.update_bias,
        "firing_threshold": np.array(firing_threshold(automaton.update_rate)),
        "lowest": np.array(low, np.float32),
        "highest": np.array(high, np.float32),
    }
    return [numpy_helper.from_array(array, name) for name, array in arrays.items()]


def _properties(automaton: Automaton) -> dict[str, str]:
    """What a host must know beside the step, as the model's metadata."""
    return {
        "name": one_line(automaton.name),
        "display": automaton.display,
        "seed": automaton.seed.kind,
        "seed_low": str(automaton.seed.low),
        "seed_high": str(automaton.seed.high),
        "erase_value": str(automaton.erase_value),
        "update_rate": str(automaton.update_rate),
    }


def _read_me(automaton: Automaton) -> str:
    channels, seed = automaton.channels, automaton.seed
    return _fill(
        "README.md",
        credits="\n".join(f"    {line}" for line in credit_lines(automaton)),
        channels=channels,
        update_rate=automaton.update_rate,
        start=STARTS[seed.kind].format(
            channels=channels, first=min(3, channels - 1), low=seed.low, high=seed.high
        ),
        colour=COLOURS[automaton.display],
        erase_value=automaton.erase_value,
        content=f"\n{INSTRUCTION}\n" if automaton.content_channels else "",
    )


def _to_bytes(model: "ModelProto") -> bytes:
    return bytes(model.SerializeToString(deterministic=True))


def _fill(name: str, **values: object) -> str:
    return Template(_read(name)).substitute(values)


def _read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


TARGET = Target(
    name="onnx",
    title="ONNX",
    summary="one step as ONNX models, for any runtime",
    export=export,
    opens="README.md",
    largest_channels=LARGEST_CHANNELS,
)
