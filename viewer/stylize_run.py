"""One painting of the window: its worker, and what that has told so far."""

from exporters.errors import LichenError
from training.endings import Failed, Finished, Stopped
from training.frames import Log
from training.stylize.order import StylizeOrder
from training.stylize.protocol import IterationDone, Phase, PictureMade, State
from viewer import folder_client
from viewer.folder_client import Ending
from viewer.kept_folders import folder_title
from viewer.loss_curve import LossCurve
from viewer.stylize_client import Event, StylizeClient
from viewer.worker_client import WorkerDied

STATUS: dict[Phase, str] = {
    "preparing": "Getting ready...",
    "painting": "Painting",
    "paused": "Paused",
}


class StylizeRun:
    """Follows one painting in its folder. Call `poll` every frame.

    Attributes:
        order: what is painted; its folder holds the order and the two pictures already.
        phase: what the worker does, as long as there is no `ending`.
        progress: how far it is; None where nothing was heard yet.
        losses: one point for each iteration.
        notes: what the worker says of how it judges.
    """

    def __init__(self, order: StylizeOrder, is_finished: bool = False) -> None:
        """A painting that nobody paints at present; `go_on` begins it, or takes it up again."""
        self.order = order
        self.phase: Phase = "preparing"
        self.ending: Ending | None = Finished() if is_finished else Stopped()
        self.progress: IterationDone | None = None
        self.losses = LossCurve()
        self.notes: tuple[str, ...] = ()
        self._client: StylizeClient | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return folder_title(self.order.folder)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is at work on it."""
        return self.ending is None

    @property
    def stands_still(self) -> bool:
        """Whether the worker has kept all that is painted: it waits, or has said how it ended."""
        has_said = isinstance(self.ending, Finished | Stopped | Failed)
        return has_said or (self.is_under_way and self.phase == "paused")

    @property
    def is_finished(self) -> bool:
        """Whether all its iterations are done."""
        return isinstance(self.ending, Finished)

    @property
    def has_failed(self) -> bool:
        """Whether it ended although nobody asked for it."""
        return folder_client.has_failed(self.ending)

    @property
    def status(self) -> str:
        """How it stands, in a few words."""
        return folder_client.status(self.ending, STATUS[self.phase])

    def go_on(self) -> None:
        """Begin, end a pause, or paint the iterations that are missing."""
        try:
            if self._client is None:
                self._client = StylizeClient(self.order)
            else:
                self._client.resume()
        except LichenError as error:
            self.ending = Failed(str(error))
            return
        if self.ending is not None:
            self.phase, self.ending, self.notes = "preparing", None, ()

    def pause(self) -> None:
        """Let it wait."""
        if self._client is not None:
            self._client.pause()

    def stop(self) -> None:
        """End it; what is there stays, and `go_on` takes it up again."""
        if self._client is not None:
            self._client.stop()

    def close(self) -> None:
        """The window closes, or the painting is put away: the worker keeps all and ends."""
        if self._client is not None:
            self._client.close()

    def poll(self) -> list[PictureMade]:
        """Follow the worker; gives the picture that is new, if any."""
        pictures = []
        for event in self._client.poll() if self._client else ():
            self._take(event)
            if isinstance(event, PictureMade):
                pictures.append(event)
        return pictures

    def _take(self, event: Event) -> None:
        match event:
            case State(phase):
                self.phase = phase
            case IterationDone(iteration, _, loss):
                self.progress = event
                self.losses.append(iteration, loss)
            case Log(text):
                self.notes = (*self.notes, text)
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event
