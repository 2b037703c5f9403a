"""A worker in a process of its own, as the window sees it, whatever it works at."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar, cast

from exporters.errors import LichenError
from training.frames import Hello, Language, check_version

KILLED_EXIT_CODE = -9

Event = TypeVar("Event")


@dataclass(frozen=True)
class Dialect:
    """What one kind of worker says: `events` are all its messages, `endings` the last ones."""

    activity: str
    language: Language[Any]
    events: tuple[type, ...]
    endings: tuple[type, ...]


class WorkerProcess(Generic[Event]):
    """A process and the line to it. Nothing here waits for the process but `wait`.

    A thread calls `hear` with whatever the worker says after its greeting. The last that it hears
    is always an ending: where none came, the one that `died` makes of a sentence.

    Raises:
        LichenError: the process cannot be started.
    """

    def __init__(
        self,
        module: str,
        log: Path,
        dialect: Dialect,
        hear: Callable[[Event], None],
        died: Callable[[str], Event],
    ) -> None:
        """Run `python -m module`; what it and its libraries print goes to the file `log`."""
        self._dialect = dialect
        self._log = log
        self._hear = hear
        self._died = died
        self._process = _start(module, log, dialect.activity)
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.send(Hello(self._process.pid))

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send(self, message: object) -> None:
        """Say something, if it is there to hear it."""
        try:
            self._dialect.language.write(self._stdin, message)
        except (OSError, ValueError):
            pass  # It is gone, or was hung up on; the listener tells.

    def close(self) -> None:
        """Hang up."""
        try:
            self._stdin.close()
        except OSError:
            pass  # It was gone already.

    def kill(self) -> None:
        """End it at once; what it had written whole stays."""
        self._process.kill()
        self.close()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for its end, and say whether that came."""
        self._listener.join(timeout_seconds)
        return not self._listener.is_alive()

    def _listen(self) -> None:
        """Pass on what it says until it has ended."""
        reason, has_ended = "", False
        with self._process:
            try:
                for message in self._messages(cast(BinaryIO, self._process.stdout)):
                    self._hear(message)
                    has_ended = has_ended or isinstance(message, self._dialect.endings)
            except LichenError as error:
                self._process.kill()
                reason = str(error)
        if not has_ended:
            self._hear(self._died(reason or self._cause_of_death()))

    def _messages(self, stream: BinaryIO) -> Iterator[Event]:
        """Everything after the greeting. Raises LichenError for what no worker would say."""
        message = self._dialect.language.read(stream)
        if message is not None:
            check_version(message)
        while (message := self._dialect.language.read(stream)) is not None:
            if not isinstance(message, self._dialect.events):
                raise LichenError(
                    f"the {self._dialect.activity} process said what only the window may; "
                    "start again."
                )
            yield cast(Event, message)

    def _cause_of_death(self) -> str:
        process = f"the {self._dialect.activity} process"
        if self._process.returncode == KILLED_EXIT_CODE:
            return f"{process} was killed, by somebody or for want of memory."
        exit_code = self._process.returncode
        return f"{process} ended by itself (exit code {exit_code}); see {self._log}."


class Inbox(Generic[Event]):
    """What the listening thread leaves for the window's; of `superseded` kinds only the newest."""

    def __init__(self, superseded: tuple[type, ...]) -> None:
        self._superseded = superseded
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def put(self, event: Event) -> None:
        """Add an event; one that supersedes another takes its turn at the end."""
        with self._lock:
            if isinstance(event, self._superseded):
                self._events = [old for old in self._events if type(old) is not type(event)]
            self._events.append(event)

    def take(self) -> list[Event]:
        """Empty it, in order."""
        with self._lock:
            events, self._events = self._events, []
        return events


def _start(module: str, log: Path, activity: str) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own, so that Ctrl-C in a terminal is the window's alone.

    Not in a session of its own: Linux would then share the processor between the two sessions,
    and the worker's low priority would count for nothing beside the window.
    """
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", module],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                process_group=0,
            )
    except OSError as error:
        reason = error.strerror or error
        raise LichenError(f"no {activity} can start in {log.parent}: {reason}.") from error
