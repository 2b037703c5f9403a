"""The browser follows the gallery, the user's folder and what was opened."""

from pathlib import Path

import pytest

from exporters.automaton_file import save_automaton
from exporters.gallery import GalleryEntry, shipped_entries, user_folder
from support import random_automaton
from viewer import library
from viewer.library import Library
from viewer.panels.state import TileGroup


@pytest.fixture
def own(home: Path) -> list[Path]:
    folder = user_folder()
    folder.mkdir(parents=True)
    paths = [folder / f"{name}.safetensors" for name in ("ash", "birch")]
    for path in paths:
        save_automaton(random_automaton(4, 2), path)
    return paths


class NoThumbnails:
    """Stands in where there is no OpenGL."""

    def begin_frame(self) -> None:
        """Nothing to allow."""

    def texture(self, entry: object) -> int:
        return 0


def test_it_shows_shipped_then_own(own: list[Path]) -> None:
    paths = [entry.path for entry in Library().entries]
    assert paths == [entry.path for entry in shipped_entries()] + own


def test_neighbours_go_round(own: list[Path]) -> None:
    shelf = Library()
    first = shelf.entries[0].path
    assert shelf.neighbour(own[0], 1) == own[1]
    assert shelf.neighbour(own[1], 1) == first
    assert shelf.neighbour(first, -1) == own[1]
    assert shelf.neighbour(None, 1) == first


def test_opened_files_join_once(own: list[Path], tmp_path: Path) -> None:
    shelf = Library()
    before = len(shelf.entries)
    for _ in range(2):
        shelf.add(tmp_path / "elm.safetensors")
    shelf.add(own[0])
    assert [entry.name for entry in shelf.entries[before:]] == ["elm"]


def test_what_has_just_come_to_the_users_folder_stands_there_once(own: list[Path]) -> None:
    shelf = Library()
    before = len(shelf.entries)
    new, coming = (user_folder() / f"{name}.safetensors" for name in ("cedar", "dogwood"))
    save_automaton(random_automaton(4, 2), new)
    shelf.add(new)
    shelf.add(coming)  # Opened before it is there, as while it is being written.
    save_automaton(random_automaton(4, 2), coming)
    shelf.scan()
    assert [entry.name for entry in shelf.entries[before:]] == ["cedar", "dogwood"]
    groups = {group.title for group in shelf.tile_groups(NoThumbnails(), None)}  # type: ignore[arg-type]
    assert "Opened" not in groups


def test_a_file_is_known_by_whichever_path_leads_to_it(own: list[Path], tmp_path: Path) -> None:
    shortcut = tmp_path / "shortcut"
    shortcut.symlink_to(own[0].parent)
    assert Library().known_as(shortcut / own[0].name) == own[0]
    assert Library().known_as(tmp_path / "other.safetensors") == tmp_path / "other.safetensors"


def test_new_files_of_the_user_turn_up(own: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Library()
    save_automaton(random_automaton(4, 2), own[0].with_name("cedar.safetensors"))
    monkeypatch.setattr(library, "SECONDS_BETWEEN_SCANS", 0.0)
    groups = shelf.tile_groups(NoThumbnails(), opening=own[1])  # type: ignore[arg-type]
    tiles = {group.title: group.tiles for group in groups}["Yours"]
    assert [tile.path.stem for tile in tiles] == ["ash", "birch", "cedar"]
    assert [tile.is_opening for tile in tiles] == [False, True, False]


def test_imported_automata_are_groups_of_their_own(own: list[Path]) -> None:
    shelf = Library()
    for name in ("scales", "dots"):
        path = own[0].parent / "models" / f"{name}.safetensors"
        path.parent.mkdir(exist_ok=True)
        save_automaton(random_automaton(4, 2), path)
    (own[0].parent / "empty").mkdir()
    shelf.scan()
    groups = shelf.tile_groups(NoThumbnails(), opening=None)  # type: ignore[arg-type]
    assert [group.title for group in groups] == ["Gallery", "Yours", "models"]
    assert [tile.path.stem for tile in groups[-1].tiles] == ["dots", "scales"]


def test_of_many_only_the_first_are_shown_until_asked(own: list[Path]) -> None:
    for index in range(40):
        save_automaton(random_automaton(4, 2), own[0].with_name(f"copse{index}.safetensors"))
    shelf, asked = Library(), set[str]()

    class Remember(NoThumbnails):
        def texture(self, entry: GalleryEntry) -> int:
            asked.add(entry.name)
            return 0

    def yours() -> TileGroup:
        (group,) = (
            found for found in shelf.tile_groups(Remember(), None) if found.title == "Yours"
        )
        return group

    assert (len(yours().tiles), yours().hidden_count, yours().can_fold) == (8, 34, True)
    assert len(asked) == len(shipped_entries()) + 8  # nothing is grown for what nobody sees
    shelf.fold("Yours")
    assert (len(yours().tiles), yours().hidden_count) == (42, 0)
    shelf.fold("Yours")
    assert yours().hidden_count == 34
