"""Cells2Pixels' automata step as on its pages; what paints between the cells is left out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exporters import reference
from exporters.errors import LichenError
from exporters.importers.cells2pixels import PAINTER
from exporters.importers.importer import Imported
from exporters.importers.registry import read_foreign
from foreign_files import Layers, cells2pixels_json, filter_by_filter, random_layers, their_step
from support import random_state

CHANNELS, HIDDEN = 8, 12


def load(content: Any, folder: Path) -> list[Imported]:
    path = folder / "bark.json"
    path.write_text(json.dumps(content))
    return read_foreign(path, Path.read_bytes)


@pytest.fixture
def layers() -> Layers:
    made = random_layers(CHANNELS, HIDDEN, 4 * CHANNELS)
    return Layers(made.first, made.first_bias, made.second, np.zeros(CHANNELS, np.float32))


@pytest.mark.parametrize("alone", [True, False])
def test_a_texture_steps_as_theirs(alone: bool, layers: Layers, tmp_path: Path) -> None:
    content = cells2pixels_json(layers, painter_outputs=9)
    (item,) = load(content if alone else {"Bark 007": content}, tmp_path)
    generator = np.random.default_rng(3)
    theirs = ours = random_state(CHANNELS, 9, 12) * 0.3
    for _ in range(4):
        fires = generator.random((9, 12)) < 0.5
        theirs = their_step(layers, filter_by_filter(theirs, [1.0] * 4), theirs, fires)
        ours = reference.step(item.automaton, ours, fires)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert item.automaton.name == ("bark" if alone else "Bark 007")
    assert item.notes == (PAINTER,) and not item.automaton.alive_masking


def test_what_is_painted_with_alpha_is_a_form(layers: Layers, tmp_path: Path) -> None:
    (item,) = load(cells2pixels_json(layers, painter_outputs=4), tmp_path)
    assert item.automaton.alive_masking and item.automaton.seed.kind == "single cell"
    assert len(item.notes) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dtype", "object"),
        ("data64", "no base64"),
        ("data64", "AAAA"),
        ("shape", [12, 33]),
        ("shape", "12"),
        ("shape", None),
    ],
)
def test_damaged_arrays_are_refused(
    key: str, value: object, layers: Layers, tmp_path: Path
) -> None:
    content = cells2pixels_json(layers, painter_outputs=9)
    content["nca.w1.weight"][key] = value
    with pytest.raises(LichenError, match="bark.json"):
        load(content, tmp_path)
