"""The automaton file: exact round trips, and one sentence for everything that is none."""

import json
import pickle
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from exporters.automaton import Automaton, Credits
from exporters.automaton_file import (
    LARGEST_FILE_BYTES,
    TENSOR_NAMES,
    automaton_from_bytes,
    automaton_to_bytes,
    load_automaton,
    save_automaton,
)
from exporters.errors import LichenError
from exporters.seed import Seed
from exporters.verdict import Verdict
from support import HOSTILE_TEXT, random_automaton, random_filter

MUTATIONS = 600


def full_automaton() -> Automaton:
    """An automaton with no field left at its default."""
    return replace(
        random_automaton(4, 8, update_rate=0.25, filter_scales=(1, 0.5, 0.5, 0.25), clamp=(-2, 1)),
        name="Flechte grün",
        seed=Seed("uniform", -0.5, 0.25),
        erase_value=0.125,
        display="premultiplied rgba over white",
        alive_masking=True,
        credits=Credits("a", "b", "c", "d", "e"),
        verdict=Verdict("drifts", "drift 2.00, limit 1.3", 2000),
    )


def encode(tensors: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """The bytes of a valid file after changes to its tensors or description."""
    data = automaton_to_bytes(full_automaton())
    (header_bytes,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + header_bytes])
    description = json.loads(header["__metadata__"]["lichen"]) | changes
    weights = safetensors.numpy.load(data) | (tensors or {})
    return safetensors.numpy.save(
        {name: weight for name, weight in weights.items() if weight is not None},
        {"lichen": json.dumps(description)},
    )


def test_a_filter_says_that_it_needs_a_picture() -> None:
    data = automaton_to_bytes(random_filter(4, 8))
    (header_bytes,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + header_bytes])
    assert json.loads(header["__metadata__"]["lichen"])["requires"] == ["content_channels"]
    back = automaton_from_bytes(data)
    assert (back.content_channels, back.own_channels) == (3, 4)


def refusal(data: bytes) -> str:
    """The one sentence with which bytes are refused."""
    with pytest.raises(LichenError) as refused:
        automaton_from_bytes(data, "moss.safetensors")
    sentence = str(refused.value)
    assert sentence.startswith("moss.safetensors") and "\n" not in sentence
    assert len(sentence) < 400
    return sentence


def test_round_trip_keeps_everything(tmp_path: Path) -> None:
    automaton = full_automaton()
    save_automaton(automaton, tmp_path / "moss.safetensors")
    loaded = load_automaton(tmp_path / "moss.safetensors")
    for name in TENSOR_NAMES:
        np.testing.assert_array_equal(getattr(loaded, name), getattr(automaton, name))
    assert {**vars(loaded), **dict.fromkeys(TENSOR_NAMES)} == {
        **vars(automaton),
        **dict.fromkeys(TENSOR_NAMES),
    }


def test_same_automaton_same_bytes() -> None:
    assert automaton_to_bytes(full_automaton()) == automaton_to_bytes(full_automaton())


def test_absent_fields_have_defaults() -> None:
    weights = {name: getattr(random_automaton(4, 8), name) for name in TENSOR_NAMES}
    data = safetensors.numpy.save(weights, {"lichen": json.dumps({"format_version": 1})})
    loaded = automaton_from_bytes(data)
    assert (loaded.update_rate, loaded.clamp, loaded.seed) == (0.5, None, Seed())


def test_a_verdict_in_words_of_a_later_version_is_passed_over() -> None:
    data = encode(verdict={"word": "sleeps", "certainty": 0.9})
    assert automaton_from_bytes(data).verdict is None


def test_unknown_fields_and_credits_are_passed_over() -> None:
    data = encode(mood="calm", credits={"author": "me", "weather": "fog"})
    assert automaton_from_bytes(data).credits.author == "me"


def test_required_features_are_refused_by_name() -> None:
    assert "'hexagons', 'magnets'" in refusal(encode(requires=["magnets", "hexagons"]))
    refusal(encode(requires=["hexa\ngons" * 1000]))


@pytest.mark.parametrize("version", [2, 0, "1", None, 1.5])
def test_other_versions_are_refused(version: Any) -> None:
    assert "format version" in refusal(encode(format_version=version))


@pytest.mark.parametrize(
    "changes",
    [
        {"update_rate": 0},
        {"update_rate": 1.5},
        {"update_rate": "fast"},
        {"update_rate": True},
        {"update_rate": float("nan")},
        {"update_rate": 10**400},
        {"filter_scales": [1, 1, 1]},
        {"filter_scales": [1, 1, 1, float("inf")]},
        {"filter_scales": 1},
        {"filter_scales": [1, 1, 1, None]},
        {"clamp": [2, -2]},
        {"clamp": [1]},
        {"clamp": [0, 1, 2]},
        {"clamp": "tight"},
        {"clamp": [float("-inf"), 1]},
        {"seed": "zeros"},
        {"seed": {}},
        {"seed": {"kind": "moss"}},
        {"seed": {"kind": "uniform", "low": 1, "high": 0}},
        {"seed": {"kind": ["zeros"]}},
        {"erase_value": None},
        {"erase_value": float("inf")},
        {"erase_value": 1e39},
        {"clamp": [-1e39, 1]},
        {"filter_scales": [1e39, 1, 1, 1]},
        {"seed": {"kind": "uniform", "low": 0, "high": 1e39}},
        {"display": "infrared"},
        {"display": ["grey"]},
        {"name": 7},
        {"credits": []},
        {"verdict": "drifts"},
        {"verdict": {"word": "drifts", "reason": 3, "steps": 1}},
        {"verdict": {"word": "drifts", "reason": "", "steps": "many"}},
        {"credits": {"author": 3}},
        {"requires": 3},
        {"requires": [["a"]]},
    ],
)
def test_wrong_metadata_is_refused(changes: dict[str, Any]) -> None:
    refusal(encode(**changes))


@pytest.mark.parametrize(
    "tensors",
    [
        {"hidden_bias": None},
        {"third_weight": np.zeros(3, np.float32)},
        {"hidden_weight": np.zeros((8, 15), np.float32)},
        {"hidden_weight": np.zeros((8, 16), np.float64)},
        {"hidden_weight": np.zeros((8, 16), np.int32)},
        {"hidden_weight": np.full((8, 16), np.nan, np.float32)},
        {"hidden_bias": np.full(8, np.inf, np.float32)},
        {"hidden_bias": np.zeros((8, 1), np.float32)},
        {"update_weight": np.zeros((0, 8), np.float32)},
        {"update_weight": np.zeros((4, 0), np.float32)},
        {"update_weight": np.zeros((4, 8, 1), np.float32)},
        {"update_weight": np.zeros((65, 8), np.float32)},
        {"update_weight": np.zeros((), np.float32)},
        {"update_bias": np.zeros(3, np.float32)},
    ],
)
def test_wrong_tensors_are_refused(tensors: dict[str, Any]) -> None:
    refusal(encode(tensors))


def test_every_truncation_is_refused() -> None:
    data = automaton_to_bytes(full_automaton())
    for length in [*range(0, 40), *range(40, len(data), 29), len(data) - 1]:
        refusal(data[:length])


def test_bytes_after_the_end_are_refused() -> None:
    refusal(automaton_to_bytes(full_automaton()) + b"\0")


def test_too_large_files_are_not_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES * 1000)
    with pytest.raises(LichenError, match="larger than 16 MiB"):
        load_automaton(path)


@pytest.mark.parametrize("length", [0, 3, 2**32, 2**63, 2**64 - 1])
def test_a_header_that_lies_about_its_length_is_refused(length: int) -> None:
    refusal(struct.pack("<Q", length) + automaton_to_bytes(full_automaton())[8:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"moss",
        b"just a text file, long enough to look like more than a header\n" * 9,
        pickle.dumps({"hidden_weight": [1.0, 2.0]}),
        struct.pack("<Q", 40_000) + b"[" * 40_000,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"null",
        struct.pack("<Q", 21) + b'{"__metadata__": null}'[:21],
        np.random.default_rng(0).bytes(5000),
    ],
)
def test_what_is_no_automaton_is_refused(data: bytes) -> None:
    refusal(data)


def test_hostile_texts_are_kept_but_for_halved_characters() -> None:
    automaton = replace(full_automaton(), name=HOSTILE_TEXT)
    again = automaton_from_bytes(automaton_to_bytes(automaton))
    assert again.name == HOSTILE_TEXT.replace("\ud800", "?")


def test_another_safetensors_file_is_refused() -> None:
    weights = {"weight": np.zeros((2, 2), np.float32)}
    assert "not an automaton" in refusal(safetensors.numpy.save(weights))
    assert "not an automaton" in refusal(safetensors.numpy.save(weights, {"lichen": "moss"}))


def test_mutations_load_or_are_refused() -> None:
    """Whatever happens to a file, reading it never fails in another way."""
    generator = np.random.default_rng(0)
    data = automaton_to_bytes(full_automaton())
    loaded = 0
    for _ in range(MUTATIONS):
        mutated = bytearray(data)
        for _ in range(generator.integers(1, 6)):
            place = int(generator.integers(len(data) if generator.random() < 0.3 else 1000))
            match generator.integers(3):
                case 0:
                    mutated[place % len(mutated)] = int(generator.integers(256))
                case 1:
                    del mutated[place : place + int(generator.integers(1, 9))]
                case _:
                    mutated[place:place] = generator.bytes(int(generator.integers(1, 9)))
        try:
            automaton_from_bytes(bytes(mutated))
            loaded += 1
        except LichenError as error:
            assert "\n" not in str(error) and len(str(error)) < 400
    assert 0 < loaded < MUTATIONS


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.safetensors", tmp_path):
        with pytest.raises(LichenError, match="cannot read"):
            load_automaton(path)


def test_saving_into_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="does not exist"):
        save_automaton(full_automaton(), tmp_path / "gone" / "moss.safetensors")
