"""Follows a real worker through its client, and remembers all that it says."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from viewer.folder_client import FolderClient

PATIENCE_SECONDS = 600.0

Kind = TypeVar("Kind")


class Follower:
    """A client, and in `heard` all that its worker has said."""

    def __init__(self, client: FolderClient[Any]) -> None:
        self.client = client
        self.heard: list[Any] = []

    def newest(self, kind: type[Kind]) -> Kind | None:
        """The last of a kind."""
        return next((event for event in reversed(self.heard) if isinstance(event, kind)), None)

    def poll(self) -> None:
        """Hear what has come."""
        self.heard += self.client.poll()

    def poll_until(self, condition: Callable[[], bool]) -> None:
        """Wait for it; an end that is not it is an error."""
        give_up_at_seconds = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < give_up_at_seconds, self.heard[-5:]
            self.poll()
            assert self.client.ending is None or condition(), self.client.ending
            time.sleep(0.002)

    def poll_to_the_end(self) -> None:
        """Wait for the last event."""
        self.poll_until(lambda: self.client.ending is not None)

    def end(self) -> None:
        """Nothing is left running."""
        self.client.kill()
        assert self.client.wait(PATIENCE_SECONDS)


Follow = Callable[[FolderClient[Any]], Follower]
