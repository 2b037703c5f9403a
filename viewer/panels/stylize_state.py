"""What the style panel shows, gathered once a frame."""

from dataclasses import dataclass, field
from pathlib import Path

from training.stylize.protocol import IterationDone, Phase
from viewer.loss_curve import LossCurve
from viewer.stylize_draft import MISSING, SLOTS, SlotName, StylizeDraft
from viewer.stylize_runs import KeptPainting


@dataclass(frozen=True)
class SlotState:
    """One of the two pictures; without one `texture` is 0. `size` is (width, height)."""

    name: str = ""
    size: tuple[int, int] = (1, 1)
    texture: int = 0
    is_loading: bool = False


@dataclass(frozen=True)
class ExemplarTile:
    """A picture that comes with an automaton, to be chosen."""

    path: Path
    texture: int


@dataclass(frozen=True)
class StylizeRunState:
    """One painting, under way or ended; `has_picture` says that there is something to look at.

    `notes` say how it is judged.
    """

    name: str
    folder: Path
    status: str
    notes: tuple[str, ...]
    phase: Phase
    has_ended: bool
    is_finished: bool
    has_failed: bool
    has_picture: bool
    progress: IterationDone | None
    losses: LossCurve


@dataclass(frozen=True)
class StylizeState:
    """All of the style panel; the run, where there is one, comes before the draft.

    `next_slot` takes the next picture that is dropped. `is_shown` says that the view shows the
    painting, `shows_original` that it shows its content instead.
    """

    draft: StylizeDraft = StylizeDraft()
    slots: dict[SlotName, SlotState] = field(default_factory=dict)
    next_slot: SlotName = "content"
    exemplars: tuple[ExemplarTile, ...] = ()
    is_starting: bool = False
    run: StylizeRunState | None = None
    earlier: tuple[KeptPainting, ...] = ()
    is_shown: bool = False
    shows_original: bool = False
    asks_before_closing: bool = False

    def slot(self, name: SlotName) -> SlotState:
        """What lies in a slot."""
        return self.slots.get(name, SlotState())

    @property
    def missing(self) -> str:
        """Why nothing can be painted yet, or nothing."""
        empty = (slot for slot in SLOTS if not self.slot(slot).texture)
        return next((MISSING[slot] for slot in empty), "")
