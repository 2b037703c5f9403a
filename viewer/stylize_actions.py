"""What the user can ask for around painting; `viewer.stylize_desk` carries it out."""

from dataclasses import dataclass
from pathlib import Path

from viewer.dream_actions import Leaving
from viewer.picture_uses import PictureUse
from viewer.stylize_draft import SlotName, StylizeDraft


@dataclass(frozen=True)
class ChangePainting:
    """Use these choices for the painting that is being prepared."""

    draft: StylizeDraft


@dataclass(frozen=True)
class AimDrop:
    """Let the next picture that is dropped go to this slot."""

    slot: SlotName


@dataclass(frozen=True)
class BrowseForSlot:
    """Let the user find the picture for a slot."""

    slot: SlotName


@dataclass(frozen=True)
class FillFromView:
    """Let a slot have what the grid looks like now."""

    slot: SlotName


@dataclass(frozen=True)
class FillSlot:
    """Let a slot have a picture file; None is the slot that the next drop goes to."""

    path: Path
    slot: SlotName | None = None


@dataclass(frozen=True)
class SwapSlots:
    """Let content and style change places."""


@dataclass(frozen=True)
class BrowseForWeights:
    """Let the user find the file of a network's weights."""


@dataclass(frozen=True)
class StartPainting:
    """Paint what was prepared."""


@dataclass(frozen=True)
class PausePainting:
    """Let the painting wait."""


@dataclass(frozen=True)
class ContinuePainting:
    """Let a paused painting go on, or one that was stopped or lost its process."""


@dataclass(frozen=True)
class StopPainting:
    """End the painting; the picture so far stays, and can be gone on with."""


@dataclass(frozen=True)
class RestartPainting:
    """Paint the same once more from the beginning; what is there stays."""


@dataclass(frozen=True)
class OpenPainting:
    """Look at an earlier painting."""

    folder: Path


@dataclass(frozen=True)
class ClosePainting:
    """Put the painting away; it stays among the earlier ones."""


@dataclass(frozen=True)
class DeletePainting:
    """Throw a painting away."""

    folder: Path


@dataclass(frozen=True)
class ShowPainting:
    """Show the painting in the view, or the automaton again."""

    shown: bool = True


@dataclass(frozen=True)
class ShowOriginal:
    """Show the content in place of the painting, as long as it is held."""

    shown: bool


@dataclass(frozen=True)
class SavePainting:
    """Keep the picture among the user's own, or with `asks` wherever they say."""

    asks: bool = False


@dataclass(frozen=True)
class UsePainting:
    """Go on with the picture: on the grid, as an exemplar, or as the start of a dream."""

    use: PictureUse


@dataclass(frozen=True)
class LeavePainting:
    """Close the window on a painting, which is kept, or keep it open."""

    closing: Leaving


StylizeAction = (
    ChangePainting
    | AimDrop
    | BrowseForSlot
    | FillFromView
    | FillSlot
    | SwapSlots
    | BrowseForWeights
    | StartPainting
    | PausePainting
    | ContinuePainting
    | StopPainting
    | RestartPainting
    | OpenPainting
    | ClosePainting
    | DeletePainting
    | ShowPainting
    | ShowOriginal
    | SavePainting
    | UsePainting
    | LeavePainting
)
