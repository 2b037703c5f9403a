"""What the user can ask for around training; `viewer.training_desk` carries it out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.order import TrainingOrder
from viewer.training_draft import TrainingDraft

Tab = Literal["play", "train", "style", "dream", "export"]

Closing = Literal["background", "keep", "discard", "stay"]


@dataclass(frozen=True)
class EarlierRun:
    """A training that no panel follows: unfinished, at work, or one that cannot be kept.

    `is_learning` says that it can be ended with a result; `failure` why its worker could not go on.
    """

    order: TrainingOrder
    is_training: bool
    completed: float
    is_learning: bool = False
    failure: str = ""


@dataclass(frozen=True)
class ShowTab:
    """Show another panel."""

    tab: Tab


@dataclass(frozen=True)
class BrowseForPicture:
    """Let the user find a picture in their folders."""


@dataclass(frozen=True)
class PrepareTraining:
    """Open the training panel with a picture."""

    image: Path


@dataclass(frozen=True)
class ChangeDraft:
    """Use these choices for the training that is being prepared; None drops it."""

    draft: TrainingDraft | None


@dataclass(frozen=True)
class StartTraining:
    """Train what was prepared, as soon as its turn comes."""


@dataclass(frozen=True)
class PauseTraining:
    """Let the training wait."""


@dataclass(frozen=True)
class ContinueTraining:
    """Let a paused training go on, or one whose process is gone from its last checkpoint."""


@dataclass(frozen=True)
class StopTraining:
    """End the training, with its automaton kept or thrown away."""

    keep: bool


@dataclass(frozen=True)
class ShowTraining:
    """Show the preview of the training again."""


@dataclass(frozen=True)
class LookBack:
    """Show the weights of an earlier moment; None follows the newest again."""

    place: int | None


@dataclass(frozen=True)
class KeepShown:
    """Keep the weights that the preview runs as an automaton of the user's own."""


@dataclass(frozen=True)
class ForgetTraining:
    """Put a training that has ended away."""


@dataclass(frozen=True)
class ChangeTraining:
    """Go back to the choices for a training that has failed before it learnt anything."""


@dataclass(frozen=True)
class RemoveWaiting:
    """Take a training out of the queue."""

    place: int


@dataclass(frozen=True)
class AdvanceWaiting:
    """Let a training in the queue come before the one that is before it."""

    place: int


@dataclass(frozen=True)
class ResumeRun:
    """Go on with a training of an earlier window."""

    run: EarlierRun


@dataclass(frozen=True)
class StopRun:
    """End a training that no panel follows, and keep what it has learnt."""

    run: EarlierRun


@dataclass(frozen=True)
class ForgetRun:
    """Throw a training of an earlier window away."""

    run: EarlierRun


@dataclass(frozen=True)
class CloseWindow:
    """What becomes of the trainings as the window closes, or that it stays open."""

    closing: Closing


TrainingAction = (
    ShowTab
    | BrowseForPicture
    | PrepareTraining
    | ChangeDraft
    | StartTraining
    | PauseTraining
    | ContinueTraining
    | StopTraining
    | ShowTraining
    | LookBack
    | KeepShown
    | ForgetTraining
    | ChangeTraining
    | RemoveWaiting
    | AdvanceWaiting
    | ResumeRun
    | StopRun
    | ForgetRun
    | CloseWindow
)
