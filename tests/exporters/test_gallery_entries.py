"""Finding automata by name and by path."""

from pathlib import Path

import pytest

from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from exporters.gallery import find_entry, user_entries, user_folder
from support import random_automaton


@pytest.fixture
def own_automaton() -> Path:
    path = user_folder() / "my_moss.safetensors"
    path.parent.mkdir(parents=True)
    save_automaton(random_automaton(4, 8), path)
    return path


def test_the_users_automata_are_found_by_name(own_automaton: Path) -> None:
    assert [entry.name for entry in user_entries()] == ["my_moss"]
    assert find_entry("my_moss").path == own_automaton


def test_an_automaton_is_found_by_path(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.safetensors"
    save_automaton(random_automaton(4, 8), path)
    assert find_entry(str(path)).automaton.channels == 4


def test_unfinished_files_are_not_listed(own_automaton: Path) -> None:
    own_automaton.with_name(".my_moss.0a1b2c3d.safetensors").write_bytes(b"half a file")
    assert [entry.name for entry in user_entries()] == ["my_moss"]


def test_there_may_be_no_folder_yet() -> None:
    assert user_entries() == []


def test_a_near_miss_gets_advice(own_automaton: Path) -> None:
    with pytest.raises(LichenError, match="did you mean my_moss"):
        find_entry("my_mos")
    with pytest.raises(LichenError, match="'lichen gallery' lists"):
        find_entry("xyzzy")
    with pytest.raises(LichenError, match="name or file is empty; 'lichen gallery' lists"):
        find_entry("")
