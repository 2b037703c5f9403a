"""What the window tells over the picture."""

import time

from viewer.panels.state import Message

NOTE_SECONDS = 3.0
NOTE_SECONDS_A_CHARACTER = 0.08


class Messages:
    """The newest is shown; what failed out of sight comes back until it is dismissed itself."""

    def __init__(self) -> None:
        self._newest: Message | None = None
        self._failures: list[Message] = []

    @property
    def shown(self) -> Message | None:
        """What is to be seen now."""
        newest = self._newest
        if newest and newest.ends_at_seconds and time.monotonic() > newest.ends_at_seconds:
            self._newest = None
        return self._newest or next(iter(self._failures), None)

    def note(self, text: str) -> None:
        """Tell the user something, for as long as it takes to read."""
        seconds = NOTE_SECONDS + len(text) * NOTE_SECONDS_A_CHARACTER
        self._newest = Message(text, ends_at_seconds=time.monotonic() + seconds)

    def complain(self, text: str) -> None:
        """Tell what went wrong just now, until it is dismissed or something newer comes."""
        self._newest = _error(text)

    def report_failure(self, text: str) -> None:
        """Tell what failed while the user may have looked elsewhere; nothing takes its place."""
        failure = _error(text)
        if failure not in self._failures:
            self._failures.insert(0, failure)
        if self._newest and not self._newest.is_error:
            self._newest = None  # Such as that something has begun which fails now.

    def dismiss(self) -> None:
        """The user has seen what is shown."""
        if self.shown in self._failures:
            self._failures.remove(self.shown)
        self._newest = None


def _error(text: str) -> Message:
    return Message(text.splitlines()[0], is_error=True)
