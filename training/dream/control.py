"""What the window wants of a dream, a contact sheet or new prompts."""

import threading
from collections.abc import Callable
from typing import Literal

from training.dream.dreamer import Interrupted
from training.dream.protocol import LANGUAGE, Phase, State, ToWindow
from training.endings import Stop
from training.frames import Continue, Pause
from training.wishes import Wishes, out_of_place

# A model that loads and a large frame of patches notice nothing; they are cut off after so long.
PATIENCE_SECONDS = 0.1

Wish = Literal["work", "pause", "stop"]
ENDINGS: tuple[Wish, ...] = ("stop",)


class Control(Wishes[Wish]):
    """The window's newest wish, and the phase that it is told.

    Whoever was asked to stop and does not is cut off: `cut_off` is then called in another thread.
    """

    def __init__(self, send: Callable[[ToWindow], None], cut_off: Callable[[], None]) -> None:
        super().__init__(LANGUAGE, "work", ENDINGS, hung_up="stop")
        self._send = send
        self._cut_off = cut_off
        self._phase: Phase = "preparing"

    def enter(self, phase: Phase) -> None:
        """Note what is done from now on, and tell the window unless it believes in a pause."""
        self._phase = phase
        if self.wish != "pause":
            self._send(State(phase))

    def should_stop(self) -> bool:
        """Whether the end was asked for."""
        return self.wish == "stop"

    def check(self) -> None:
        """Wait while there is a pause. Raises Interrupted where the end was asked for."""
        self.wait_while_paused()
        if self.should_stop():
            raise Interrupted

    def on_ending(self) -> None:
        """Give the work a moment to notice."""
        timer = threading.Timer(PATIENCE_SECONDS, self._cut_off)
        timer.daemon = True
        timer.start()

    def obey(self, message: object) -> bool:
        """Ask for what a message means. Raises LichenError where it has no place here."""
        match message:
            case Pause():
                self.ask("pause")
                self._send(State("paused"))
            case Continue():
                self.ask("work")
                self._send(State(self._phase))
            case Stop():
                self.ask("stop")
            case _:
                raise out_of_place(message)
        return True
