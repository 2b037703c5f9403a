"""What the window wants of a worker: heard by one thread, asked for by the worker's own."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Any, BinaryIO, Generic, TypeVar

from exporters.errors import LichenError
from training.frames import Language

Wish = TypeVar("Wish", bound=str)


class Wishes(ABC, Generic[Wish]):
    """The window's newest wish; one of `endings` is the last.

    `complaint` is set where the window's words were garbled, which counts as hanging up.
    """

    def __init__(
        self, language: Language[Any], beginning: Wish, endings: Collection[Wish], hung_up: Wish
    ) -> None:
        """`beginning` is what it wants at first, `hung_up` what it means by hanging up."""
        self.complaint: LichenError | None = None
        self._language = language
        self._endings = endings
        self._hung_up = hung_up
        self._changed = threading.Condition()
        self._wish = beginning

    @property
    def wish(self) -> Wish:
        """What the window wants now."""
        return self._wish

    def ask(self, wish: Wish) -> None:
        """Set the wish, unless the end was asked for already."""
        with self._changed:
            if self._wish in self._endings:
                return
            self._wish = wish
            self._changed.notify_all()
        if wish in self._endings:
            self.on_ending()

    def wait_while_paused(self) -> None:
        """Return once the window wants something other than a pause."""
        with self._changed:
            self._changed.wait_for(lambda: self._wish != "pause")

    def listen(self, stream: BinaryIO) -> None:
        """Hear the window until it hangs up, or need not be heard any more."""
        try:
            while (message := self._language.read(stream)) is not None:
                if not self.obey(message):
                    return
        except (LichenError, OSError) as error:
            self.complaint = LichenError(str(error))
        self.ask(self._hung_up)

    @abstractmethod
    def on_ending(self) -> None:
        """Called once, by whoever asked for the end."""

    @abstractmethod
    def obey(self, message: object) -> bool:
        """Ask for what a message means, and tell whether to listen on.

        Raises:
            LichenError: the message has no place here.
        """


class PatientWishes(Wishes[Wish]):
    """Wishes of which only the end of work that has not begun is brought about at once.

    Work that has begun sees to its end itself, since there is something to keep.
    """

    def __init__(
        self,
        language: Language[Any],
        beginning: Wish,
        endings: Collection[Wish],
        hung_up: Wish,
        on_early_end: Callable[[], None],
    ) -> None:
        """The listening thread calls `on_early_end`, which ends the process."""
        super().__init__(language, beginning, endings, hung_up)
        self._on_early_end = on_early_end
        self._has_begun = False

    def begin(self) -> None:
        """From here on there is something to keep."""
        self._has_begun = True

    def on_ending(self) -> None:
        """Nothing is worth waiting for where nothing has begun."""
        if not self._has_begun:
            self._on_early_end()


def out_of_place(message: object) -> LichenError:
    """What to raise where a message has no place."""
    return LichenError(f"a {type(message).__name__} has no place here.")
