"""The automata that the browser shows: shipped ones, the user's own, and those opened today."""

import time
from itertools import chain
from pathlib import Path

from exporters.gallery import GalleryEntry, imported_entries, shipped_entries, user_entries
from viewer.panels.state import Tile, TileGroup
from viewer.thumbnails import Thumbnails

SECONDS_BETWEEN_SCANS = 2.0
# Two rows of the browser: more would push all controls out of sight, and each wants a thumbnail.
FOLDED_TILES = 8
LARGEST_UNFOLDED = 24


class Library:
    """Follows the user's folder, so that what training writes there turns up by itself."""

    def __init__(self) -> None:
        self._shipped = shipped_entries()
        self._opened: list[GalleryEntry] = []
        self._unfolded: set[str] = set()
        self.scan()

    def scan(self) -> None:
        """Look again into the user's folder, and into the folders that imports made there."""
        self._own, self._imported = user_entries(), imported_entries()
        here = {entry.path for entry in chain(self._own, *self._imported.values())}
        self._opened = [entry for entry in self._opened if entry.path not in here]
        self._last_scan = time.monotonic()

    @property
    def entries(self) -> list[GalleryEntry]:
        """All of them, in the order they are shown."""
        return [entry for _, entries in self._groups() for entry in entries]

    def add(self, path: Path) -> None:
        """Show an automaton that was opened from elsewhere."""
        self.scan()  # It may have come to the user's folder only now.
        if all(entry.path != path for entry in self.entries):
            self._opened.append(GalleryEntry(path))

    def known_as(self, path: Path) -> Path:
        """The path under which the browser shows a file already, or else its full path."""
        full = path.resolve()
        same = (entry.path for entry in self.entries if entry.path.resolve() == full)
        return next(same, full)

    def neighbour(self, path: Path | None, offset: int) -> Path | None:
        """The automaton so many places further, going round; None where there is no other."""
        paths = [entry.path for entry in self.entries]
        if not paths:
            return None
        place = paths.index(path) if path in paths else -1
        return paths[(place + offset) % len(paths)]

    def fold(self, title: str) -> None:
        """Show all of a large group, or its first few again."""
        self._unfolded ^= {title}

    def tile_groups(self, thumbnails: Thumbnails, opening: Path | None) -> tuple[TileGroup, ...]:
        """What the browser shows now; `opening` is marked as on its way."""
        if time.monotonic() - self._last_scan >= SECONDS_BETWEEN_SCANS:
            self.scan()
        thumbnails.begin_frame()
        return tuple(
            self._tile_group(title, entries, thumbnails, opening)
            for title, entries in self._groups()
            if entries
        )

    def _tile_group(
        self,
        title: str,
        entries: list[GalleryEntry],
        thumbnails: Thumbnails,
        opening: Path | None,
    ) -> TileGroup:
        can_fold = len(entries) > LARGEST_UNFOLDED
        is_folded = can_fold and title not in self._unfolded
        shown = entries[:FOLDED_TILES] if is_folded else entries
        tiles = (
            Tile(entry.path, thumbnails.texture(entry), entry.path == opening) for entry in shown
        )
        return TileGroup(title, tuple(tiles), len(entries) - len(shown), can_fold)

    def _groups(self) -> tuple[tuple[str, list[GalleryEntry]], ...]:
        return (
            ("Gallery", self._shipped),
            ("Yours", self._own),
            *self._imported.items(),
            ("Opened", self._opened),
        )
