"""A folder of imported automata is written whole or not at all, and loses nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.importers.saving import free_folder, save_all
from support import random_automaton


def named(*names: str, weight_seed: int = 0) -> list[Automaton]:
    made = random_automaton(4, 2, weight_seed=weight_seed)
    return [replace(made, name=name) for name in names]


def test_each_gets_a_file_and_is_told_of(tmp_path: Path) -> None:
    folder, told = tmp_path / "new" / "folder", []
    save_all(named("ash", "birch"), folder, report=told.append)
    assert told == [folder / "ash.safetensors", folder / "birch.safetensors"]
    assert [load_automaton(path).name for path in told] == ["ash", "birch"]


def test_the_same_again_is_no_conflict(tmp_path: Path) -> None:
    for _ in range(2):
        save_all(named("ash"), tmp_path)


def test_another_one_is_not_replaced_unasked(tmp_path: Path) -> None:
    save_all(named("birch"), tmp_path)
    before = (tmp_path / "birch.safetensors").read_bytes()
    others = named("ash", "birch", weight_seed=1)
    with pytest.raises(LichenError, match="birch.*--force"):
        save_all(others, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["birch.safetensors"]
    assert (tmp_path / "birch.safetensors").read_bytes() == before
    save_all(others, tmp_path, replace=True)
    assert (tmp_path / "birch.safetensors").read_bytes() != before


def test_a_failure_leaves_nothing_new(tmp_path: Path) -> None:
    save_all(named("ash"), tmp_path)
    (tmp_path / "cedar.safetensors").mkdir()
    with pytest.raises(LichenError, match="cedar"):
        save_all(named("ash", "birch", "cedar"), tmp_path, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ash.safetensors",
        "cedar.safetensors",
    ]


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("mine")
    with pytest.raises(LichenError, match="cannot create"):
        save_all(named("ash"), tmp_path / "folder")
    assert (tmp_path / "folder").read_text() == "mine"


def test_a_folder_whose_name_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="too long"):
        save_all(named("ash"), tmp_path / ("x" * 300))


def test_a_free_folder_replaces_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    first, second, third = (named("ash", weight_seed=seed) for seed in range(3))
    for automata, name in ((first, "models"), (second, "models 2"), (third, "models 3")):
        for _ in range(2):
            place = free_folder(automata, folder)
            assert place == tmp_path / name
            save_all(automata, place)
    assert free_folder(named("birch"), folder) == folder
