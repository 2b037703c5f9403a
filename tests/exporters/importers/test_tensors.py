"""The lesson's automata and growing ones: their layers are told apart by their shapes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from exporters import reference
from exporters.alive import alive_cells
from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.importers.importer import Imported, Order
from exporters.importers.registry import read_foreign
from exporters.reference import KERNELS
from foreign_files import Floats, Layers, filter_by_filter, filtered, random_layers, their_step
from support import random_state

CHANNELS, HIDDEN = 6, 10
GROWING_SCALES = (1.0, 1 / 8, 1 / 8)

Perceive = Callable[[Floats], list[Floats]]


def load(tensors: dict[str, Floats], folder: Path, order: Order | None = None) -> Imported:
    path = folder / "newt.safetensors"
    packed = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    path.write_bytes(safetensors.numpy.save(packed))
    (item,) = read_foreign(path, Path.read_bytes, order)
    return item


def channel_by_channel(state: Floats, scales: tuple[float, ...]) -> list[Floats]:
    return [
        filtered(plane, which) * np.float32(scale)
        for plane in state
        for which, scale in enumerate(scales)
    ]


def growing_inputs(state: Floats) -> list[Floats]:
    return channel_by_channel(state, GROWING_SCALES)


def growing_inputs_by_filter(state: Floats) -> list[Floats]:
    return filter_by_filter(state, GROWING_SCALES)


def exchanged_inputs(state: Floats) -> list[Floats]:
    """They exchange rows and columns, filter, and exchange back."""
    planes = filter_by_filter(state.transpose(0, 2, 1), GROWING_SCALES)
    return [plane.T for plane in planes]


def lesson_inputs(state: Floats) -> list[Floats]:
    return channel_by_channel(state, (1.0, 1.0, 1.0, 1.0))


def assert_steps_alike(automaton: Automaton, layers: Layers, perceive: Perceive) -> None:
    generator = np.random.default_rng(3)
    theirs = ours = random_state(CHANNELS, 9, 12) * 0.3
    for _ in range(4):
        fires = generator.random((9, 12)) < 0.5
        before = alive_cells(theirs)
        theirs = their_step(layers, perceive(theirs), theirs, fires)
        if automaton.alive_masking:
            theirs = theirs * (before & alive_cells(theirs))
        ours = reference.step(automaton, ours, fires)
    assert np.abs(theirs).max() > 0.1
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def as_torch(layers: Layers, first: str, second: str) -> dict[str, Floats]:
    """1x1 convolutions, outputs first."""
    return {
        f"{first}.weight": layers.first.T[:, :, None, None],
        f"{first}.bias": layers.first_bias,
        f"{second}.weight": layers.second.T[:, :, None, None],
        f"{second}.bias": layers.second_bias,
    }


def as_matrices(layers: Layers, first: str, second: str) -> dict[str, Floats]:
    """The same without the last two axes."""
    convolutions = as_torch(layers, first, second)
    return {name: tensor.reshape(tensor.shape[:2]) for name, tensor in convolutions.items()}


def as_flax(layers: Layers, first: str, second: str) -> dict[str, Floats]:
    """1x1 convolutions, outputs last."""
    return {
        f"{first}.kernel": layers.first[None, None],
        f"{first}.bias": layers.first_bias,
        f"{second}.kernel": layers.second[None, None],
        f"{second}.bias": layers.second_bias,
    }


@pytest.fixture
def growing() -> Layers:
    return random_layers(CHANNELS, HIDDEN, 3 * CHANNELS)


@pytest.mark.parametrize("layout", [as_torch, as_matrices, as_flax])
def test_a_growing_automaton_in_any_layout(
    layout: Callable[[Layers, str, str], dict[str, Floats]], growing: Layers, tmp_path: Path
) -> None:
    item = load(layout(growing, "update.0", "update.2"), tmp_path)
    assert_steps_alike(item.automaton, growing, growing_inputs)
    assert item.automaton.alive_masking and item.automaton.seed.kind == "single cell"
    assert any("--order filters" in note for note in item.notes)


def test_the_order_can_be_said(growing: Layers, tmp_path: Path) -> None:
    tensors = as_torch(growing, "update.0", "update.2")
    item = load(tensors, tmp_path, "filters")
    assert_steps_alike(item.automaton, growing, growing_inputs_by_filter)


def test_a_known_layout_with_rows_for_columns(growing: Layers, tmp_path: Path) -> None:
    tensors = as_matrices(growing, "fc0", "fc1")
    item = load(tensors, tmp_path)
    assert_steps_alike(item.automaton, growing, exchanged_inputs)
    item = load(tensors, tmp_path, "channels")
    assert_steps_alike(item.automaton, growing, growing_inputs)


@pytest.mark.parametrize("channels_last", [False, True])
def test_stored_filters_settle_all_questions(
    channels_last: bool, growing: Layers, tmp_path: Path
) -> None:
    """Sobel-y before sobel-x, upside down: as the file says, so it is."""
    kernels = np.stack([KERNELS[0], -KERNELS[2] / 4, KERNELS[1] / 2])
    stored = np.tile(kernels, (CHANNELS, 1, 1))[:, None]
    stored = stored.transpose(2, 3, 1, 0) if channels_last else stored

    def perceive(state: Floats) -> list[Floats]:
        return [
            filtered(plane, which) * np.float32(scale)
            for plane in state
            for which, scale in ((0, 1.0), (2, -1 / 4), (1, 1 / 2))
        ]

    item = load({**as_torch(growing, "a", "b"), "perceive.kernel": stored}, tmp_path)
    assert_steps_alike(item.automaton, growing, perceive)


def test_learnt_filters_are_refused(growing: Layers, tmp_path: Path) -> None:
    stored = np.random.default_rng(0).normal(size=(3 * CHANNELS, 1, 3, 3)).astype(np.float32)
    with pytest.raises(LichenError, match="learnt filters"):
        load({**as_torch(growing, "a", "b"), "perceive": stored}, tmp_path)


def test_the_lessons_automaton(tmp_path: Path) -> None:
    made = random_layers(CHANNELS, HIDDEN, 4 * CHANNELS)
    layers = Layers(made.first * 0.2, made.first_bias, made.second, np.zeros(CHANNELS, np.float32))
    tensors = as_torch(layers, "w1", "w2")
    del tensors["w2.bias"]
    item = load(tensors, tmp_path)
    assert_steps_alike(item.automaton, layers, lesson_inputs)
    assert not item.automaton.alive_masking and item.automaton.seed.kind == "zeros"
    assert item.notes == () and item.automaton.name == "newt"


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"w": np.zeros((3, 3))},
        {"a": np.zeros((10, 18)), "b": np.zeros((6, 11))},
        {"a": np.zeros((10, 13)), "b": np.zeros((6, 10))},
        {"a": np.zeros((10, 18)), "b": np.zeros((6, 10)), "c": np.zeros((6, 10))},
        {"a.weight": np.zeros((10, 18)), "a.bias": np.zeros(9), "b": np.zeros((6, 10))},
        {"a": np.zeros((10, 18)), "b": np.zeros((6, 10)), "c": np.zeros((2, 3, 4))},
        {"a": np.zeros((10, 18)), "b": np.zeros((6, 10)), "k": np.zeros((17, 1, 3, 3))},
        {"a": np.zeros((10, 18)), "b": np.full((6, 10), np.nan)},
        {"w1": np.zeros((10, 18)), "w2": np.zeros((6, 10)), "b1": np.zeros(10)},
    ],
)
def test_other_tensors_are_refused(tensors: dict[str, Floats], tmp_path: Path) -> None:
    floats = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    with pytest.raises(LichenError, match="newt.safetensors"):
        load(floats, tmp_path)
