"""What the user can ask for around dreaming; `viewer.dream_desk` carries it out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from viewer.dream_draft import DreamDraft
from viewer.picture_uses import PictureUse

Leaving = Literal["leave", "stay"]


@dataclass(frozen=True)
class ChangeDream:
    """Use these choices for the dream that is being prepared."""

    draft: DreamDraft


@dataclass(frozen=True)
class AimAt:
    """Let the camera move towards this place, shares of the picture from its top left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class BrowseForSource:
    """Let the user find the picture to begin with."""


@dataclass(frozen=True)
class BrowseForPrompt:
    """Let the user find what a row's prompt names: a picture, or a folder of them."""

    row: int
    folder: bool = False


@dataclass(frozen=True)
class BrowseForModel:
    """Let the user find the folder or the file of a model."""

    folder: bool = True


@dataclass(frozen=True)
class BrowseForWriter:
    """Let the user find the folder or the file of a language model."""

    folder: bool = True


@dataclass(frozen=True)
class BrowseForJourney:
    """Let the user find a journey file."""


@dataclass(frozen=True)
class TakeFile:
    """A dropped picture begins the dream, a dropped journey file is its journey."""

    path: Path


@dataclass(frozen=True)
class SaveJourney:
    """Write the journey among the user's documents."""


@dataclass(frozen=True)
class ImagineFirst:
    """Make first pictures from the first prompt, to choose from."""


@dataclass(frozen=True)
class ChooseFirst:
    """Begin with one of those pictures."""

    row: int
    column: int


@dataclass(frozen=True)
class WritePrompts:
    """Let a language model continue the prompts."""


@dataclass(frozen=True)
class StopHelper:
    """End the making of first pictures, or the writing of prompts."""


@dataclass(frozen=True)
class StartDream:
    """Dream what was prepared."""


@dataclass(frozen=True)
class PauseDream:
    """Let the dream wait."""


@dataclass(frozen=True)
class ContinueDream:
    """Let a paused dream go on, or one that was stopped or lost its process."""


@dataclass(frozen=True)
class StopDream:
    """End the dream; its frames stay."""


@dataclass(frozen=True)
class OpenDream:
    """Look at an earlier dream."""

    folder: Path


@dataclass(frozen=True)
class CloseDream:
    """Put the dream away; it stays among the earlier ones."""


@dataclass(frozen=True)
class DeleteDream:
    """Throw a dream away with all its frames."""

    folder: Path


@dataclass(frozen=True)
class ShowDream:
    """Show the dream in the view, or the automaton again."""

    shown: bool = True


@dataclass(frozen=True)
class Scrub:
    """Show a frame; None follows the newest."""

    index: int | None


@dataclass(frozen=True)
class PlayDream:
    """Play the frames there are in turn, over and over, or stand still."""

    plays: bool


@dataclass(frozen=True)
class ExportDream:
    """Write the frames there are as a film, or as pictures in a folder; '' is the latter."""

    suffix: str


@dataclass(frozen=True)
class UseFrame:
    """Go on with the frame that shows: on the grid, as an exemplar, or as the next start."""

    use: PictureUse


@dataclass(frozen=True)
class LeaveDreaming:
    """Close the window on a dream, whose frames stay, or keep it open."""

    closing: Leaving


DreamAction = (
    ChangeDream
    | AimAt
    | BrowseForSource
    | BrowseForPrompt
    | BrowseForModel
    | BrowseForWriter
    | BrowseForJourney
    | TakeFile
    | SaveJourney
    | ImagineFirst
    | ChooseFirst
    | WritePrompts
    | StopHelper
    | StartDream
    | PauseDream
    | ContinueDream
    | StopDream
    | OpenDream
    | CloseDream
    | DeleteDream
    | ShowDream
    | Scrub
    | PlayDream
    | ExportDream
    | UseFrame
    | LeaveDreaming
)
