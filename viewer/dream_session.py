"""What a dream has shown so far, from its messages alone: what its panel tells and offers."""

from typing import Literal

from training.dream.protocol import FrameMade, Phase, State
from training.endings import Failed, Finished, Stopped
from training.frames import Log
from viewer import folder_client
from viewer.dream_client import Event
from viewer.folder_client import Ending
from viewer.worker_client import WorkerDied

STATUS: dict[str, str] = {
    "growing": "Growing what it is made of...",
    "preparing": "Getting ready...",
    "dreaming": "Dreaming",
    "paused": "Paused",
}

DreamPhase = Literal["growing"] | Phase


class DreamSession:
    """One dream as the window shows it.

    `phase` is "growing" while a helper makes the pictures that it stands on, and counts as long
    as there is no `ending`. A dream that was opened again has ended: nobody dreams it.
    """

    def __init__(self, frame_count: int, made_count: int = 0, has_ended: bool = False) -> None:
        self.frame_count = frame_count
        self.made_count = made_count
        self.phase: DreamPhase = "growing"
        self.ending: Ending | None = None
        self.progress: FrameMade | None = None
        self.note = ""
        if has_ended:
            self.ending = Finished() if made_count >= frame_count else Stopped()

    @property
    def is_whole(self) -> bool:
        """Whether all its frames are there."""
        return self.made_count >= self.frame_count

    @property
    def has_failed(self) -> bool:
        """Whether it ended although nobody asked for it."""
        return folder_client.has_failed(self.ending)

    @property
    def status(self) -> str:
        """How it stands, in a few words."""
        stopped = f"Stopped after {self.made_count} of {self.frame_count} frames"
        return folder_client.status(self.ending, STATUS[self.phase], stopped)

    def take(self, event: Event) -> None:
        """Learn from one message."""
        match event:
            case State(phase):
                self.phase = phase
            case FrameMade(index):
                self.progress = event
                self.made_count = min(index + 1, self.frame_count)
            case Log(text):
                self.note = text
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event

    def begin_again(self) -> None:
        """A worker is about to go on."""
        if self.ending is not None:
            self.phase = "preparing"
        self.ending = None

    def fail(self, sentence: str) -> None:
        """It could not even begin."""
        self.ending = Failed(sentence)
