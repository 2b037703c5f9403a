"""What the training panel shows, gathered once a frame."""

from dataclasses import dataclass

from training.protocol import Advanced, CheckAdvanced, Phase
from viewer.loss_curve import LossCurve
from viewer.training_actions import EarlierRun, Tab
from viewer.training_draft import TrainingDraft


@dataclass(frozen=True)
class RunState:
    """One training, under way or ended.

    `milestones` are the iterations one can look back to, `looked_back` the place of the one
    that is looked at, None for the newest; `is_shown` says that the view shows its preview.
    `can_change` says that nothing was learnt, and that one can go back to the choices.
    """

    name: str
    status: str
    note: str
    phase: Phase
    has_ended: bool
    has_failed: bool
    can_resume: bool
    can_change: bool
    exemplar_texture: int
    progress: Advanced | None
    check: CheckAdvanced | None
    losses: LossCurve
    pool_textures: tuple[int, ...]
    milestones: tuple[int, ...]
    looked_back: int | None
    is_shown: bool

    @property
    def can_finish(self) -> bool:
        """Whether there is something to keep, of this worker or one before it."""
        is_learning = self.phase in ("training", "paused") and self.progress is not None
        return is_learning or (self.phase != "checking" and self.can_resume)

    @property
    def shown_iteration(self) -> int | None:
        """The iteration whose weights the preview runs."""
        if not self.milestones:
            return None
        return self.milestones[-1 if self.looked_back is None else self.looked_back]


@dataclass(frozen=True)
class TrainingState:
    """All of the training panel; `complaint` is what was wrong with the last picture.

    `clips` are the CLIP models that could read a prompt.
    """

    tab: Tab = "play"
    draft: TrainingDraft | None = None
    exemplar_texture: int = 0
    clips: tuple[str, ...] = ()
    complaint: str = ""
    run: RunState | None = None
    waiting: tuple[str, ...] = ()
    earlier: tuple[EarlierRun, ...] = ()
    asks_before_closing: bool = False
