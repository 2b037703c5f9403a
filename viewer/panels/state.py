"""What the panels show, gathered once a frame; they read it and change nothing in it."""

from dataclasses import dataclass
from pathlib import Path

from exporters.automaton import Automaton
from exporters.verdict import Verdict
from viewer.camera import Camera
from viewer.exporting import ExportState
from viewer.extras import Extra
from viewer.installation import Installation
from viewer.panels.dream_state import DreamState
from viewer.panels.stylize_state import StylizeState
from viewer.panels.training_state import TrainingState
from viewer.settings import Settings


@dataclass(frozen=True)
class Tile:
    """One automaton in the browser; `texture` names its thumbnail for the panel, 0 for none."""

    path: Path
    texture: int = 0
    is_opening: bool = False


@dataclass(frozen=True)
class TileGroup:
    """Automata from one place; of many only the first are shown until somebody asks for all."""

    title: str
    tiles: tuple[Tile, ...]
    hidden_count: int = 0
    can_fold: bool = False


@dataclass(frozen=True)
class Readings:
    """The last second or two: means, and the longest frame."""

    frames_per_second: float = 0.0
    steps_per_second: float = 0.0
    longest_frame_seconds: float = 0.0


@dataclass(frozen=True)
class Message:
    """A sentence over the picture; it stays until `ends_at_seconds` or until it is dismissed."""

    text: str
    is_error: bool = False
    ends_at_seconds: float | None = None


@dataclass(frozen=True)
class ExtraState:
    """An optional part, and its installation if there was one."""

    extra: Extra
    is_installed: bool
    installation: Installation | None = None


@dataclass(frozen=True)
class StabilityState:
    """What is known of how an automaton holds, and whether that is being found out."""

    verdict: Verdict | None = None
    is_checking: bool = False


@dataclass(frozen=True)
class PanelState:
    """Everything a frame of the panel shows."""

    settings: Settings
    camera: Camera
    view_size_pixels: tuple[int, int]
    groups: tuple[TileGroup, ...]
    automaton_path: Path | None
    opening_path: Path | None
    automaton: Automaton | None
    is_paused: bool
    random_seed: int
    undo_count: int
    content_name: str
    stamp_is_growing: bool
    readings: Readings
    message: Message | None
    help_is_open: bool
    train: ExtraState
    dream: ExtraState
    training: TrainingState = TrainingState()
    stability: StabilityState = StabilityState()
    export: ExportState = ExportState()
    dreaming: DreamState = DreamState()
    stylizing: StylizeState = StylizeState()
