"""The settled states of automata, which the brush can paint with."""

from pathlib import Path

from exporters.errors import LichenError
from viewer.painting import Stamp
from viewer.settling import SettlingQueue, load_settled


class Stamps:
    """Finds a stamp by the path of its automaton; one that is not there yet is grown."""

    def __init__(self, settling: SettlingQueue) -> None:
        self._settling = settling
        self._stamp: Stamp | None = None
        self._path = ""

    def is_growing(self, path: str) -> bool:
        """Whether a stamp is still on its way."""
        return bool(path) and self._settling.is_pending(Path(path))

    def find(self, path: str) -> Stamp | None:
        """The stamp, or None while it grows. Raises LichenError for one that cannot grow."""
        if self._stamp is None or path != self._path:
            state = load_settled(Path(path)) if path else None
            self._stamp = None if state is None else Stamp(state)
            self._path = path
        if self._stamp is None and path:
            self._settling.request(Path(path), urgent=True)
            if not self.is_growing(path):
                raise LichenError(
                    f"{Path(path).stem} cannot be grown into a stamp; choose another."
                )
        return self._stamp
