"""Distill's texture models run here as they do on the article's page, but for the rounding."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from exporters import reference
from exporters.display import picture
from exporters.errors import LichenError
from exporters.importers import distill
from exporters.importers.importer import Imported
from exporters.importers.registry import read_foreign
from foreign_files import Floats, Layers, distill_json, filter_by_filter, their_step
from support import random_state

NAMES = [f"texture/models/{name}" for name in ("dots", "scales", "moss", "knit", "opal")]
SCALES = (1.0, 1 / 8, 1 / 8, 1 / 8)
STEPS = 8
STATE = (4.0, 127 / 255)
HIDDEN = (2.0, 0.0)


def no_torch(path: Path) -> bytes:
    raise AssertionError("no state dict was asked for")


def load(content: Any, folder: Path) -> list[Imported]:
    path = folder / "models.json"
    path.write_text(json.dumps(content))
    return read_foreign(path, no_torch)


def in_8_bits(values: Floats, scale: float, zero: float) -> Floats:
    """What their page's textures make of numbers."""
    levels = np.round((values / scale + zero) * 255).clip(0, 255)
    return ((levels / 255 - zero) * scale).astype(np.float32)


def their_8_bit_step(layers: Layers, state: Floats, fires: NDArray[np.bool_]) -> Floats:
    """Every texture that their page writes, one after the other."""
    perceived = [in_8_bits(plane, *STATE) for plane in filter_by_filter(state, SCALES)]
    hidden = np.einsum("ihw,io->ohw", np.stack(perceived), layers.first)
    hidden = in_8_bits(hidden + layers.first_bias[:, None, None], *HIDDEN)
    change = np.einsum("ihw,io->ohw", hidden, layers.second) + layers.second_bias[:, None, None]
    return in_8_bits(state + in_8_bits(change, *STATE) * fires, *STATE)


@pytest.fixture
def masks() -> list[NDArray[np.bool_]]:
    generator = np.random.default_rng(3)
    return [generator.random((9, 12)) < 0.5 for _ in range(STEPS)]


@pytest.mark.parametrize("index", range(len(NAMES)))
def test_each_steps_as_theirs(index: int, tmp_path: Path, masks: list[NDArray[np.bool_]]) -> None:
    content, models = distill_json(NAMES)
    automaton = load(content, tmp_path)[index].automaton
    theirs = random_state(6, 9, 12)
    ours = theirs / 2
    low, high = (-STATE[1] * STATE[0], (1 - STATE[1]) * STATE[0])
    for fires in masks:
        theirs = their_step(models[index], filter_by_filter(theirs, SCALES), theirs, fires)
        theirs = theirs.clip(low, high).astype(np.float32)
        ours = reference.step(automaton, ours, fires)
    assert np.abs(theirs).max() > 0.5
    np.testing.assert_allclose(ours, theirs / 2, atol=1e-5)


def test_their_8_bits_differ_by_their_rounding_alone(
    tmp_path: Path, masks: list[NDArray[np.bool_]]
) -> None:
    content, models = distill_json(NAMES)
    automaton = load(content, tmp_path)[0].automaton
    theirs = in_8_bits(random_state(6, 9, 12), *STATE)
    ours = theirs / 2
    for fires in masks:
        theirs = their_8_bit_step(models[0], theirs, fires)
        ours = reference.step(automaton, ours, fires)
    error = np.abs(ours - theirs / 2)
    # One level is 2 / 255 of our state.
    assert 0 < error.max() < STEPS * 2 / 255 and error.mean() < 2 / 255


def test_the_state_keeps_their_limits(tmp_path: Path) -> None:
    automaton = load(distill_json(NAMES)[0], tmp_path)[0].automaton
    fires = np.ones((4, 4), np.bool_)
    far = np.full((6, 4, 4), 30, np.float32)
    assert reference.step(automaton, far, fires).max() == np.float32(256 / 255)
    assert reference.step(automaton, -far, fires).min() == np.float32(-254 / 255)


def test_colours_are_shown_as_theirs(tmp_path: Path) -> None:
    automaton = load(distill_json(NAMES)[0], tmp_path)[0].automaton
    theirs = random_state(6, 5, 7)
    shown = np.floor(255 * (theirs[:3] / 2 + 0.5).clip(0, 1) + 0.5).transpose(1, 2, 0)
    np.testing.assert_array_equal(picture(automaton, theirs / 2), shown)


def test_names_are_the_last_part_and_unique(tmp_path: Path) -> None:
    content, _ = distill_json(["texture/models/dots", "other/DOTS", "../../etc/passwd"])
    names = [item.automaton.name for item in load(content, tmp_path)]
    assert names == ["dots", "DOTS 2", "passwd"]


def test_it_says_what_it_left_out(tmp_path: Path) -> None:
    (item, *_) = load(distill_json(NAMES)[0], tmp_path)
    assert "8 bits" in item.notes[0] and "limits" in item.notes[1]


def set_in(layer: int, key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["layers"][layer][key] = value

    change.__name__ = f"{key}-{value!r:.20}"
    return change


def one_layer(content: dict[str, Any]) -> None:
    content["layers"].pop()


def many_names(content: dict[str, Any]) -> None:
    content["model_names"] *= 1000


def no_names(content: dict[str, Any]) -> None:
    content["model_names"] = []


def bomb(content: dict[str, Any]) -> None:
    content["layers"][0]["layout"] = [10**6, 10**6]


@pytest.mark.parametrize(
    "damage",
    [
        set_in(0, "data", "data:image/png;base64,!!!!"),
        set_in(0, "data", "data:image/png;base64,AAAA"),
        set_in(0, "data", "data:image/png"),
        set_in(0, "scale", "large"),
        set_in(0, "scale", float("nan")),
        set_in(1, "scale", 1e300),
        set_in(0, "shape", [25]),
        set_in(0, "shape", [-25, 10]),
        set_in(0, "shape", [25, 10.0]),
        set_in(0, "shape", [24, 10]),
        set_in(0, "layout", [3, 2]),
        set_in(0, "layout", "2x"),
        set_in(1, "quant_scale_zero", [0, 0]),
        set_in(1, "quant_scale_zero", None),
        one_layer,
        many_names,
        no_names,
        bomb,
    ],
    ids=lambda damage: damage.__name__,
)
def test_damaged_files_are_one_sentence(
    damage: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    content, _ = distill_json(NAMES)
    damage(content)
    with pytest.raises(LichenError) as caught:
        load(content, tmp_path)
    assert "models.json" in str(caught.value) and "\n" not in str(caught.value)


def test_a_huge_picture_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distill, "LARGEST_TEXELS", 100)
    with pytest.raises(LichenError, match="too large"):
        load(distill_json(NAMES)[0], tmp_path)
