"""One dream of the window: a helper grows what it is made of, then a worker dreams it."""

from exporters.errors import LichenError
from training.dream.dream_files import frame_path, reference_path
from training.dream.order import DreamOrder
from training.endings import Finished, Stopped
from viewer.dream_client import DreamClient
from viewer.dream_session import DreamSession
from viewer.kept_folders import folder_title
from viewer.settling import HelperProcess

HELPER_MODULE = "viewer.dream_preparation"


class DreamRun:
    """Follows one dream in its folder. Call `poll` every frame.

    Attributes:
        order: what is dreamt; its folder holds the order already.
        session: how it stands.
    """

    def __init__(self, order: DreamOrder, made_count: int = 0) -> None:
        """A dream that nobody dreams at present; `go_on` begins it, or takes it up again."""
        self.order = order
        self.session = DreamSession(order.journey.frame_count, made_count, has_ended=True)
        self._helper: HelperProcess | None = None
        self._client: DreamClient | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return folder_title(self.order.folder)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is at work on it."""
        return self.session.ending is None

    def go_on(self) -> None:
        """Begin, end a pause, or dream the frames that are missing."""
        if self._client is not None and self._client.ending is None:
            self._client.resume()
            return
        self.session.begin_again()
        if _is_prepared(self.order):
            self._dream()
        else:
            self.session.phase = "growing"
            self._helper = HelperProcess(self.order.folder, module=HELPER_MODULE)

    def pause(self) -> None:
        """Let it wait."""
        if self._client is not None:
            self._client.pause()

    def stop(self) -> None:
        """End it; what is there stays."""
        if self._helper is not None:
            self._helper.stop()
            self._helper = None
            self.session.take(Stopped())
        elif self._client is not None:
            self._client.stop()

    def close(self) -> None:
        """The window closes, or the dream is put away; the frames that are there stay."""
        if self._helper is not None:
            self._helper.stop()
            self._helper = None
        if self._client is not None:
            self._client.close()

    def poll(self) -> bool:
        """Follow helper and worker; whether the dream has just become whole."""
        if self._helper is not None and not self._helper.is_running:
            error = self._helper.error()
            self._helper = None
            if error:
                self.session.fail(error)
            else:
                self._dream()
        events = self._client.poll() if self._client else []
        for event in events:
            self.session.take(event)
        return any(isinstance(event, Finished) for event in events)

    def _dream(self) -> None:
        try:
            self._client = DreamClient(self.order)
        except LichenError as error:
            self.session.fail(str(error))


def _is_prepared(order: DreamOrder) -> bool:
    """Whether all pictures that it stands on are there."""
    if order.source is not None and not frame_path(order.folder, 0).is_file():
        return False
    if order.backend != "patch":
        return True
    places = range(len(order.journey.stages))
    return all(reference_path(order.folder, place).is_file() for place in places)
