"""DyNCA's automata step as theirs do away from the borders, but for the place they know."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exporters import reference
from exporters.errors import LichenError
from exporters.importers.dynca import POSITION
from exporters.importers.importer import Imported
from exporters.importers.registry import read_foreign
from foreign_files import dynca_json, filter_by_filter, their_step
from support import random_state

NAMES = ["0", "270", "circular", "diverge", "4block"]
SCALES = (1.0, 1.0, 1.0, 1.0)


def load(content: Any, folder: Path) -> list[Imported]:
    path = folder / "flames.json"
    path.write_text(json.dumps(content))
    return read_foreign(path, Path.read_bytes)


@pytest.mark.parametrize("knows_place", [True, False])
@pytest.mark.parametrize("index", range(len(NAMES)))
def test_each_steps_as_theirs_in_the_middle(index: int, knows_place: bool, tmp_path: Path) -> None:
    content, models = dynca_json(NAMES, knows_place=knows_place)
    item = load(content, tmp_path)[index]
    generator = np.random.default_rng(3)
    theirs = ours = random_state(6, 9, 12) * 0.3
    middle = [np.zeros((9, 12), np.float32)] * 2 if knows_place else []
    for _ in range(4):
        fires = generator.random((9, 12)) < 0.5
        perceived = [*filter_by_filter(theirs, SCALES), *middle]
        theirs = their_step(models[index], perceived, theirs, fires)
        ours = reference.step(item.automaton, ours, fires)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert item.automaton.name == NAMES[index]
    assert (POSITION in item.notes) == knows_place


@pytest.mark.parametrize("shape", [[24, 10], [26, 10], [28, 10], [27, 12]])
def test_other_inputs_are_refused(shape: list[int], tmp_path: Path) -> None:
    content, _ = dynca_json(NAMES)
    content["layers"][0]["shape"] = shape
    with pytest.raises(LichenError, match="flames.json"):
        load(content, tmp_path)


@pytest.mark.parametrize("numbers", [[], [0.5] * 7, ["x"] * 648, [None]])
def test_wrong_numbers_are_refused(numbers: list[object], tmp_path: Path) -> None:
    content, _ = dynca_json(NAMES)
    content["layers"][0]["data_flatten"] = numbers
    with pytest.raises(LichenError, match="flames.json"):
        load(content, tmp_path)
