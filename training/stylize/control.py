"""What the window wants of a painting."""

from collections.abc import Callable
from typing import Literal

from training.endings import Stop
from training.frames import Continue, Pause
from training.stylize.protocol import LANGUAGE
from training.wishes import PatientWishes, out_of_place

Wish = Literal["paint", "pause", "stop"]
ENDINGS: tuple[Wish, ...] = ("stop",)


class Control(PatientWishes[Wish]):
    """The window's newest wish; the one to stop is the last."""

    def __init__(self, on_early_end: Callable[[], None]) -> None:
        super().__init__(LANGUAGE, "paint", ENDINGS, "stop", on_early_end)

    def obey(self, message: object) -> bool:
        """Ask for what a message means. Raises LichenError where it has no place here."""
        match message:
            case Pause():
                self.ask("pause")
            case Continue():
                self.ask("paint")
            case Stop():
                self.ask("stop")
            case _:
                raise out_of_place(message)
        return True
