"""What the dream panel shows, gathered once a frame."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from viewer.dream_draft import DreamDraft
from viewer.dream_runs import KeptDream
from viewer.dream_session import DreamPhase

Helper = Literal["", "imagining", "writing"]


@dataclass(frozen=True)
class FilmTile:
    """One picture of the film strip; `texture` is 0 while it is not there."""

    index: int
    texture: int


@dataclass(frozen=True)
class SheetTile:
    """One of the first pictures to choose from."""

    row: int
    column: int
    seed: int
    guidance: float
    texture: int


@dataclass(frozen=True)
class DreamRunState:
    """One dream, under way or ended; `shown_index` is the frame that shows of `made_count`."""

    name: str
    folder: Path
    dreamer: str
    status: str
    note: str
    phase: DreamPhase
    has_ended: bool
    has_failed: bool
    made_count: int
    frame_count: int
    loops: bool
    seconds_per_frame: float
    remaining_seconds: float
    shown_index: int
    follows: bool
    plays: bool
    film: tuple[FilmTile, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all its frames are there."""
        return self.made_count >= self.frame_count


@dataclass(frozen=True)
class DreamState:
    """All of the dream panel; the run, where there is one, comes before the draft.

    `complaint` is what went wrong last; `is_shown` says that the view shows the dream's pictures;
    `cross_pixels` is where in the view the camera moves towards.
    """

    draft: DreamDraft = DreamDraft()
    complaint: str = ""
    source_texture: int = 0
    sheet: tuple[SheetTile, ...] = ()
    helper: Helper = ""
    helper_note: str = ""
    run: DreamRunState | None = None
    earlier: tuple[KeptDream, ...] = ()
    models: tuple[str, ...] = ()
    own_models: tuple[Path, ...] = ()
    writers: tuple[str, ...] = ()
    automata: tuple[str, ...] = ()
    is_shown: bool = False
    cross_pixels: tuple[float, float] | None = None
    asks_before_closing: bool = False
