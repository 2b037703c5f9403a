"""Which frame of a dream shows: the newest, one that was chosen, or all of them in turn."""

from viewer.dream_film import FRAMES_PER_SECOND


class DreamPlayer:
    """Keeps time over the frames that there are."""

    def __init__(self) -> None:
        self.plays = False
        self._place: float | None = None

    @property
    def follows(self) -> bool:
        """Whether the newest frame shows."""
        return self._place is None and not self.plays

    def index(self, made_count: int) -> int:
        """The frame that shows, of so many."""
        newest = max(made_count - 1, 0)
        return newest if self._place is None else min(int(self._place), newest)

    def scrub(self, index: int | None) -> None:
        """Stand still at a frame, or follow the newest again."""
        self.plays = False
        self._place = None if index is None else float(max(index, 0))

    def play(self, plays: bool, made_count: int) -> None:
        """Play from the frame that shows, from the first one after the last; or stand still."""
        index = self.index(made_count)
        self._place = 0.0 if plays and index == made_count - 1 else float(index)
        self.plays = plays

    def advance(self, seconds: float, made_count: int) -> None:
        """Time goes on; after the last frame comes the first."""
        if self.plays and made_count:
            here = self._place or 0.0
            self._place = (here + seconds * FRAMES_PER_SECOND) % made_count
