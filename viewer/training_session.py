"""What a training has shown so far, from its messages alone: what its panel tells and offers."""

from training.frames import Log
from training.order import TrainingOrder
from training.protocol import (
    Advanced,
    CheckAdvanced,
    Failed,
    Finished,
    Phase,
    PoolPictures,
    RolledBack,
    Snapshot,
    State,
    Stopped,
)
from viewer.training_client import Ending, Event, WorkerDied

LARGEST_HISTORY = 240
STATUS = {
    "preparing": "Getting ready...",
    "training": "Learning",
    "paused": "Paused",
    "checking": "Checking what was learnt...",
}


class TrainingSession:
    """One training as the window shows it.

    `milestones` are its snapshots from the oldest to the newest, thinned out when there are
    many; `looked_back` is the place of the one that is looked at, None for the newest.
    """

    def __init__(self) -> None:
        self.phase: Phase = "preparing"
        self.progress: Advanced | None = None
        self.check: CheckAdvanced | None = None
        self.pool_pictures: PoolPictures | None = None
        self.ending: Ending | None = None
        self.note = ""
        self.milestones: list[Snapshot] = []
        self.looked_back: int | None = None

    @property
    def shown(self) -> Snapshot | None:
        """The snapshot to look at."""
        if not self.milestones:
            return None
        return self.milestones[-1 if self.looked_back is None else self.looked_back]

    @property
    def shows_outcome(self) -> bool:
        """Whether that is what the training has come to: nothing more will be learnt."""
        is_over = self.phase == "checking" or isinstance(self.ending, Finished)
        return is_over and self.looked_back is None

    @property
    def status(self) -> str:
        """How it stands, in a few words."""
        match self.ending:
            case None:
                return self.check.headline if self.check else STATUS[self.phase]
            case Finished(_, verdict):
                return verdict or "Finished"
            case Stopped():
                return "Stopped"
            case Failed(sentence, _) | WorkerDied(sentence, _):
                return sentence

    @property
    def has_failed(self) -> bool:
        """Whether it ended although nobody asked for it."""
        return isinstance(self.ending, Failed | WorkerDied)

    def take(self, event: Event) -> None:
        """Learn from one message."""
        match event:
            case State(phase):
                self.phase = phase
                self.ending = None
            case Advanced():
                self.progress = event
            case CheckAdvanced():
                self.check = event
            case Snapshot():
                self._add(event)
            case PoolPictures():
                self.pool_pictures = event
            case Log(text):
                self.note = text
            case RolledBack(iteration):
                self.note = f"The loss ran away; back to iteration {iteration:,}."
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event

    def begin_again(self) -> None:
        """A worker is about to go on."""
        self.ending = self.check = None
        if self.phase != "paused":
            self.phase = "preparing"

    def look_back(self, place: int | None) -> None:
        """Look at one of the milestones, or at the newest snapshot from now on."""
        newest = len(self.milestones) - 1
        self.looked_back = None if place is None or place >= newest else max(place, 0)

    def _add(self, snapshot: Snapshot) -> None:
        """A training that went back takes the milestones beyond with it."""
        kept = [each for each in self.milestones if each.iteration < snapshot.iteration]
        if self.looked_back is not None and self.looked_back >= len(kept):
            self.looked_back = None
        self.milestones = [*kept, snapshot]
        if len(self.milestones) > LARGEST_HISTORY:
            self._thin_out()

    def _thin_out(self) -> None:
        """Drop every second milestone, but not the one that is looked at, nor the newest."""
        kept, newest = self.shown, self.milestones[-1]
        self.milestones = [
            each
            for place, each in enumerate(self.milestones)
            if place % 2 == 0 or each is kept or each is newest
        ]
        if self.looked_back is not None and kept is not None:
            self.looked_back = self.milestones.index(kept)


def without_path(text: str, order: TrainingOrder) -> str:
    """The run's own copy of the picture is nobody's business."""
    return text if order.image is None else text.replace(str(order.image), order.name)


def time_left(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 60:
        return f"{max(seconds, 1):.0f} s left"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left"
