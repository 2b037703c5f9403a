"""A painting at a window's command, from the order to the last message."""

from collections.abc import Callable

from training.endings import Finished, Stopped
from training.frames import Log
from training.stylize.control import Control
from training.stylize.keeping import Keeper, keeping
from training.stylize.messenger import Messenger
from training.stylize.order import StylizeOrder
from training.stylize.painting import Painting
from training.stylize.painting_checkpoint import load_painting
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    picture_path,
    style_path,
)
from training.stylize.prepare import Sources, prepare_painting
from training.stylize.protocol import Phase, State, ToWindow

WAY_OUT = "begin a new painting"


class Session:
    """Paints, pauses and ends as `control` wishes, and says so through `send`."""

    def __init__(
        self, order: StylizeOrder, send: Callable[[ToWindow], None], control: Control
    ) -> None:
        self._order = order
        self._send = send
        self._control = control

    def run(self) -> Finished | Stopped:
        """Paint to the end, and give the last message.

        Raises:
            LichenError: the order cannot be carried out, or a file cannot be written.
        """
        self._enter("preparing")
        painting = self._prepare()
        folder = self._order.folder
        messenger = Messenger(self._send, painting.iteration)
        self._control.begin()
        self._enter("painting")
        with keeping(painting, picture_path(folder), checkpoint_path(folder)) as keeper:
            painting.run(
                [messenger, keeper], lambda: self._should_stop(painting, keeper, messenger)
            )
        messenger.send_picture(painting)
        if painting.is_finished:
            return Finished()
        if self._control.complaint is not None:
            raise self._control.complaint
        return Stopped()

    def _prepare(self) -> Painting:
        """The painting as ordered, or as far as its checkpoint is."""
        folder = self._order.folder
        sources = Sources(content_path(folder), style_path(folder))
        painting = prepare_painting(self._order, sources, self._tell)
        checkpoint = checkpoint_path(folder)
        if checkpoint.exists():
            load_painting(painting, checkpoint, WAY_OUT)
            self._tell(f"resumed at iteration {painting.iteration}")
        return painting

    def _should_stop(self, painting: Painting, keeper: Keeper, messenger: Messenger) -> bool:
        if self._control.wish == "pause":
            self._pause(painting, keeper, messenger)
        return self._control.wish == "stop"

    def _pause(self, painting: Painting, keeper: Keeper, messenger: Messenger) -> None:
        keeper.keep()
        messenger.send_picture(painting)
        self._enter("paused")
        self._control.wait_while_paused()
        if self._control.wish == "paint":
            self._enter("painting")

    def _tell(self, sentence: str) -> None:
        self._send(Log(sentence))

    def _enter(self, phase: Phase) -> None:
        self._send(State(phase))
