"""The automata that ship with Lichen, and the folder of the user's own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import platformdirs

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.errors import LichenError

GALLERY_FOLDER = Path(__file__).parent
SUFFIX = ".safetensors"


@dataclass(frozen=True)
class GalleryEntry:
    """One automaton file; its picture and exemplar, where they exist, carry the same name."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name without its ending: what commands accept."""
        return self.path.stem

    @property
    def thumbnail_path(self) -> Path:
        """A PNG beside the file; it may be absent."""
        return preview_path(self.path)

    @property
    def exemplar_path(self) -> Path:
        """The image that the automaton learnt from; it may be absent.

        Raises LichenError for a damaged automaton file, which names its exemplar.
        """
        return self.path.parent / "exemplars" / Path(self.automaton.credits.exemplar).name

    @cached_property
    def automaton(self) -> Automaton:
        """The automaton, read once. Raises LichenError for a damaged file."""
        return load_automaton(self.path)


def preview_path(automaton_path: Path) -> Path:
    """The picture that goes with an automaton file; never the name of a user's own image."""
    return automaton_path.with_name(f"{automaton_path.stem}.preview.png")


def user_folder() -> Path:
    """Where the user's own automata live; it may not exist yet."""
    return platformdirs.user_data_path("lichen", appauthor=False) / "automata"


def shipped_entries() -> list[GalleryEntry]:
    """The automata that ship with Lichen, by name."""
    return list(_entries(GALLERY_FOLDER))


def user_entries() -> list[GalleryEntry]:
    """The automata in the user's folder, by name."""
    return list(_entries(user_folder()))


def imported_entries() -> dict[str, list[GalleryEntry]]:
    """Automata that were imported through the window: the folders of the user's folder, by name."""
    folders = sorted(path for path in user_folder().glob("[!.]*") if path.is_dir())
    found = {folder.name: list(_entries(folder)) for folder in folders}
    return {name: entries for name, entries in found.items() if entries}


def named_entries() -> dict[str, GalleryEntry]:
    """All of them by the name that commands accept; imported ones bear their folder's name too."""
    plain = {entry.name: entry for entry in shipped_entries() + user_entries()}
    return plain | {
        f"{folder}/{entry.name}": entry
        for folder, entries in imported_entries().items()
        for entry in entries
    }


def find_entry(name_or_path: str) -> GalleryEntry:
    """Find an automaton by a name of `named_entries`, or by path.

    Raises:
        LichenError: nothing by that name or path; the sentence offers the nearest name.
    """
    if not name_or_path:
        raise LichenError("an automaton's name or file is empty; 'lichen gallery' lists the names.")
    entries = named_entries()
    if name_or_path in entries:
        return entries[name_or_path]
    if os.path.isfile(name_or_path):  # says no to what is no name at all
        return GalleryEntry(Path(name_or_path))
    nearest = get_close_matches(name_or_path, entries, n=1, cutoff=0.5)
    advice = f"did you mean {nearest[0]}?" if nearest else "'lichen gallery' lists the names."
    raise LichenError(f"there is no automaton or file called {name_or_path}; {advice}")


def _entries(folder: Path) -> Iterator[GalleryEntry]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if not path.name.startswith("."):
            yield GalleryEntry(path)
