"""The automata that ship with Lichen, and the folder of the user's own."""

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


def find_entry(name_or_path: str) -> GalleryEntry:
    """Find an automaton by gallery name, by the name of a user's file, or by path.

    Raises:
        LichenError: nothing by that name or path; the sentence offers the nearest name.
    """
    entries = {entry.name: entry for entry in shipped_entries() + user_entries()}
    if name_or_path in entries:
        return entries[name_or_path]
    if Path(name_or_path).is_file():
        return GalleryEntry(Path(name_or_path))
    nearest = get_close_matches(name_or_path, entries, n=1, cutoff=0.5)
    advice = f"did you mean {nearest[0]}?" if nearest else "'lichen gallery' lists the names."
    raise LichenError(f"there is no automaton or file called {name_or_path}; {advice}")


def _entries(folder: Path) -> Iterator[GalleryEntry]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if not path.name.startswith("."):
            yield GalleryEntry(path)
