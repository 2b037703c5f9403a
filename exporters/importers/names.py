"""File names from names that others chose: one plain part, never a path, short and unique."""

import unicodedata
from collections.abc import Iterable

LONGEST_NAME_CHARACTERS = 50
KEPT = " -_+.,()"


def file_name(name: str) -> str:
    """A name for a file without its ending: the last part of a path, harmless and cut."""
    start = name[-8 * LONGEST_NAME_CHARACTERS :].replace("\\", "/").rstrip("/")
    last = unicodedata.normalize("NFC", start.rpartition("/")[2])
    kept = "".join(letter if letter.isalnum() or letter in KEPT else "_" for letter in last)
    return kept[:LONGEST_NAME_CHARACTERS].strip(" .") or "automaton"


def unique_file_names(names: Iterable[str]) -> list[str]:
    """One file name for each name; those that some disk would confuse get a number."""
    taken: set[str] = set()
    result = []
    for stem in map(file_name, names):
        candidate, number = stem, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem} {number}"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result
