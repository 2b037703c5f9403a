"""What the user can ask for: panels, keys and the pointer ask, the controller carries it out."""

from dataclasses import dataclass
from pathlib import Path

from viewer.dream_actions import DreamAction
from viewer.exporting import ExportOrder
from viewer.extras import Extra
from viewer.painting import Stroke
from viewer.settings import Settings
from viewer.stylize_actions import StylizeAction
from viewer.training_actions import TrainingAction


@dataclass(frozen=True)
class ChangeSettings:
    """Use these controls from now on."""

    settings: Settings


@dataclass(frozen=True)
class OpenFile:
    """Show the automaton in a file; other files are answered with a message."""

    path: Path


@dataclass(frozen=True)
class FoldGroup:
    """Show all automata of a group of the browser, or the first few again."""

    title: str


@dataclass(frozen=True)
class OpenNeighbour:
    """Show the automaton so many places further in the browser."""

    offset: int


@dataclass(frozen=True)
class UseStamp:
    """Paint with the settled state of the automaton in a file."""

    path: Path


@dataclass(frozen=True)
class BrowseForContent:
    """Look for a picture or film that a filter is to see."""


@dataclass(frozen=True)
class ShowExample:
    """Let filters see the example picture again."""


@dataclass(frozen=True)
class TogglePause:
    """Stop time, or let it run on."""


@dataclass(frozen=True)
class StepOnce:
    """Make one step and stay paused."""


@dataclass(frozen=True)
class Restart:
    """Begin again from the automaton's own seed; without a random seed, with the one in use."""

    random_seed: int | None = None


@dataclass(frozen=True)
class RestartWithNewSeed:
    """Begin again with a random seed that was not used before."""


@dataclass(frozen=True)
class Scatter:
    """Begin again from noise."""


@dataclass(frozen=True)
class Clear:
    """Erase the whole grid."""


@dataclass(frozen=True)
class Undo:
    """Take back the last stroke or clear."""


@dataclass(frozen=True)
class Paint:
    """One piece of a stroke; `begins` says that the pointer has just gone down."""

    stroke: Stroke
    erases: bool
    begins: bool


@dataclass(frozen=True)
class Plant:
    """Put one living cell on the grid, from which a form grows; (x, y) in cells."""

    x_cells: float
    y_cells: float


@dataclass(frozen=True)
class Zoom:
    """Magnify about a point of the view, in its pixels; None is the view's middle."""

    factor: float
    about_pixels: tuple[float, float] | None = None


@dataclass(frozen=True)
class Pan:
    """Move the picture by so many pixels to the right and down."""

    x_pixels: float
    y_pixels: float


@dataclass(frozen=True)
class Fit:
    """Show the whole grid."""


@dataclass(frozen=True)
class TakeScreenshot:
    """Save the grid as a picture, one pixel a cell."""


@dataclass(frozen=True)
class ToggleHelp:
    """Show or hide the list of keys."""


@dataclass(frozen=True)
class Dismiss:
    """Close the help, or else the message."""


@dataclass(frozen=True)
class ToggleFullscreen:
    """Fill the monitor, or go back to a window."""


@dataclass(frozen=True)
class Quit:
    """Close the window."""


@dataclass(frozen=True)
class CheckStability:
    """Find out whether the automaton in a file holds."""

    path: Path


@dataclass(frozen=True)
class Install:
    """Install an optional part of Lichen."""

    extra: Extra


@dataclass(frozen=True)
class CancelInstallation:
    """Stop the installation that runs."""

    extra: Extra


@dataclass(frozen=True)
class Export:
    """Write an automaton for another program, or as a picture or film."""

    order: ExportOrder


@dataclass(frozen=True)
class CancelExport:
    """Stop the export that runs."""


@dataclass(frozen=True)
class OpenExport:
    """Open what was exported last, or the folder that it lies in."""

    folder: bool = False


# What changes the grid, or how one looks at it.
GridAction = (
    Paint | Plant | Clear | Scatter | Restart | RestartWithNewSeed | StepOnce | Undo | Zoom | Pan
)

Action = (
    GridAction
    | ChangeSettings
    | OpenFile
    | FoldGroup
    | OpenNeighbour
    | UseStamp
    | BrowseForContent
    | ShowExample
    | TogglePause
    | Fit
    | TakeScreenshot
    | ToggleHelp
    | Dismiss
    | ToggleFullscreen
    | Quit
    | CheckStability
    | Install
    | CancelInstallation
    | Export
    | CancelExport
    | OpenExport
    | TrainingAction
    | DreamAction
    | StylizeAction
)
