"""What the window wants of a training."""

from collections.abc import Callable
from typing import Literal

from training.frames import Continue, Pause
from training.protocol import LANGUAGE, Detach, Stop
from training.wishes import PatientWishes, out_of_place

# The last three end the training: with the result checked, with none, or with what is there.
Wish = Literal["train", "pause", "finish", "discard", "leave"]
ENDINGS: tuple[Wish, ...] = ("finish", "discard", "leave")


class Control(PatientWishes[Wish]):
    """The window's newest wish; one to end is the last.

    The listening thread calls `on_detach` when the window says that it will not listen any more,
    and `on_early_end` at a wish to end before the training has begun.
    """

    def __init__(self, on_detach: Callable[[], None], on_early_end: Callable[[], None]) -> None:
        super().__init__(LANGUAGE, "train", ENDINGS, "leave", on_early_end)
        self._on_detach = on_detach

    def obey(self, message: object) -> bool:
        """Ask for what a message means. Raises LichenError where it has no place here."""
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
                return False
            case _:
                raise out_of_place(message)
        return True
