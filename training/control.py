"""What the window wants of a training: heard by one thread, asked for by the training's own."""

import threading
from collections.abc import Callable
from typing import BinaryIO, Literal

from exporters.errors import LichenError
from training.protocol import Continue, Detach, Pause, Stop, read_message

# The last three end the training: with the result checked, with none, or with what is there.
Wish = Literal["train", "pause", "finish", "discard", "leave"]
ENDINGS = ("finish", "discard", "leave")


class Control:
    """The window's newest wish; one to end is the last.

    The listening thread calls `on_detach` when the window says that it will not listen any more,
    and `on_early_end` at a wish to end before the training has begun. `complaint` is set where
    the window's words were garbled, which counts as a wish to leave.
    """

    def __init__(self, on_detach: Callable[[], None], on_early_end: Callable[[], None]) -> None:
        self.complaint: LichenError | None = None
        self._on_detach = on_detach
        self._on_early_end = on_early_end
        self._has_begun = False
        self._changed = threading.Condition()
        self._wish: Wish = "train"

    @property
    def wish(self) -> Wish:
        """What the window wants now."""
        return self._wish

    def ask(self, wish: Wish) -> None:
        """Set the wish, unless the end was asked for already."""
        with self._changed:
            if self._wish in ENDINGS:
                return
            self._wish = wish
            self._changed.notify_all()
        if wish in ENDINGS and not self._has_begun:
            self._on_early_end()

    def begin(self) -> None:
        """From here on there is something to keep: the training sees to its end itself."""
        self._has_begun = True

    def wait_while_paused(self) -> None:
        """Return once the window wants something other than a pause."""
        with self._changed:
            self._changed.wait_for(lambda: self._wish != "pause")

    def listen(self, stream: BinaryIO) -> None:
        """Hear the window until it hangs up."""
        try:
            while (message := read_message(stream)) is not None:
                match message:
                    case Pause():
                        self.ask("pause")
                    case Continue():
                        self.ask("train")
                    case Stop(keep):
                        self.ask("finish" if keep else "discard")
                    case Detach():
                        self._on_detach()
                        self.ask("train")  # Nobody could end a pause any more.
                        return
                    case _:
                        raise LichenError(f"a {type(message).__name__} has no place here.")
        except (LichenError, OSError) as error:
            self.complaint = LichenError(str(error))
        self.ask("leave")
