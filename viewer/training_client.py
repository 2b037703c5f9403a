"""One training in a process of its own, as the window sees it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from exporters.errors import LichenError
from training.order import TrainingOrder
from training.protocol import (
    Advanced,
    Begin,
    Continue,
    Detach,
    Failed,
    Finished,
    Hello,
    Pause,
    Phase,
    PoolPictures,
    Snapshot,
    State,
    Stop,
    Stopped,
    ToWindow,
    ToWorker,
    check_version,
    read_message,
    write_message,
)
from training.run_files import checkpoint_path, log_path
from viewer.extras import TRAIN, is_installed, missing_extra_sentence
from viewer.loss_curve import LossCurve
from viewer.training_runs import resumed

WORKER_MODULE = "training.worker"
KILLED_EXIT_CODE = -9
# Of these only the newest matters.
SUPERSEDED_BY_THE_NEXT = (Advanced, Snapshot, PoolPictures)


@dataclass(frozen=True)
class WorkerDied:
    """The last event where the worker could not say itself why it ended."""

    sentence: str
    checkpoint_kept: bool


Event = ToWindow | WorkerDied
Ending = Finished | Stopped | Failed | WorkerDied


class TrainingClient:
    """A worker process and what it has told so far. Nothing here waits for the worker.

    Call `poll` every frame. The last event of a worker is always one `Ending`. `order.output`
    names the automaton file; its folder must be there, and takes the worker's other files too.

    Attributes:
        phase: what the worker does; `ending` says how it ended.
        progress, snapshot, pool_pictures: the newest that came; they outlive the worker.
        losses: one point for each iteration, whatever `poll` left out.
        is_unwanted: whether the user asked to keep nothing of it.

    Raises:
        LichenError: the 'train' extra is missing, or the process cannot be started.
    """

    def __init__(self, order: TrainingOrder) -> None:
        self.order = order
        self.phase: Phase = "preparing"
        self.ending: Ending | None = None
        self.progress: Advanced | None = None
        self.snapshot: Snapshot | None = None
        self.pool_pictures: PoolPictures | None = None
        self.losses = LossCurve()
        self.is_unwanted = False
        self._start(order)

    @property
    def alive(self) -> bool:
        """Whether the worker's process runs."""
        return self._process.poll() is None

    @property
    def can_resume(self) -> bool:
        """Whether there is a checkpoint that `resume` would go on from."""
        return checkpoint_path(self.order.output).is_file()

    def poll(self) -> list[Event]:
        """What the worker has said since the last call, in order.

        Of snapshots, pool pictures and progress only the newest; nothing else is ever left out.
        """
        events, losses = self._inbox.take()
        for iteration, loss in losses:
            self.losses.append(iteration, loss)
        for event in events:
            self._take_in(event)
        return events

    def pause(self) -> None:
        """Let the worker keep what is there and wait, after the iteration under way."""
        self._send(Pause())

    def resume(self) -> None:
        """Go on: after a pause, or with a new worker where the old one is gone.

        A new worker goes on from the last checkpoint; where there is none, it begins anew.

        Raises:
            LichenError: as the constructor.
        """
        if self.alive:
            self._send(Continue())
        else:
            self._start(resumed(self.order))

    def stop(self, keep: bool) -> None:
        """End the training after the iteration under way; `poll` tells when it has ended."""
        self.is_unwanted = not keep
        self._send(Stop(keep))

    def detach(self) -> None:
        """Let the worker go on alone; it outlives the window and says nothing any more."""
        self._send(Detach())
        self.close()

    def close(self) -> None:
        """Hang up: a worker that was not detached writes a checkpoint and ends."""
        try:
            self._stdin.close()
        except OSError:
            pass  # It was gone already.

    def kill(self) -> None:
        """End the worker at once; what it had written whole stays."""
        self._process.kill()
        self.close()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait for the worker's end, and say whether it came."""
        self._listener.join(timeout_seconds)
        return not self._listener.is_alive()

    def _start(self, order: TrainingOrder) -> None:
        if not is_installed(TRAIN):
            raise LichenError(missing_extra_sentence(TRAIN))
        self._process = _start_worker(log_path(order.output))
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._inbox = Inbox()
        self._listener = threading.Thread(
            target=_listen, args=(self._process, self._inbox, order.output), daemon=True
        )
        self._listener.start()
        self.phase, self.ending = "preparing", None
        self._send(Hello(self._process.pid))
        self._send(Begin(order))

    def _send(self, message: ToWorker) -> None:
        try:
            write_message(self._stdin, message)
        except (OSError, ValueError):
            pass  # It is gone, or was hung up on; the listener tells.

    def _take_in(self, event: Event) -> None:
        match event:
            case State(phase):
                self.phase = phase
            case Advanced():
                self.progress = event
            case Snapshot():
                self.snapshot = event
            case PoolPictures():
                self.pool_pictures = event
            case Finished() | Stopped() | Failed() | WorkerDied():
                self.ending = event


class Inbox:
    """What the listening thread leaves for the window's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._losses: list[tuple[int, float]] = []

    def put(self, event: Event) -> None:
        """Add an event; one that supersedes another takes its turn at the end."""
        with self._lock:
            if isinstance(event, SUPERSEDED_BY_THE_NEXT):
                self._events = [old for old in self._events if type(old) is not type(event)]
            if isinstance(event, Advanced):
                self._losses.append((event.iteration, event.loss))
            self._events.append(event)

    def take(self) -> tuple[list[Event], list[tuple[int, float]]]:
        """Empty it: the events, and the (iteration, loss) of every `Advanced` there ever was."""
        with self._lock:
            events, losses = self._events, self._losses
            self._events, self._losses = [], []
        return events, losses


def _start_worker(log: Path) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own, so that Ctrl-C in a terminal is the window's alone.

    Not in a session of its own: Linux would then share the processor between the two sessions,
    and the worker's low priority would count for nothing beside the window.
    """
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", WORKER_MODULE],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                process_group=0,
            )
    except OSError as error:
        raise LichenError(f"no training can start: {error.strerror or error}.") from error


def _listen(process: subprocess.Popen[bytes], inbox: Inbox, output: Path) -> None:
    """Pass on what the worker says until it has ended, and see to it that an `Ending` comes."""
    reason, has_ended = "", False
    with process:
        try:
            for message in _messages(cast(BinaryIO, process.stdout)):
                inbox.put(message)
                has_ended = has_ended or isinstance(message, Ending)
        except LichenError as error:
            process.kill()
            reason = str(error)
    exit_code = process.returncode
    if not has_ended:
        kept = checkpoint_path(output).is_file()
        inbox.put(WorkerDied(reason or _cause_of_death(exit_code, log_path(output)), kept))


def _messages(stream: BinaryIO) -> Iterator[ToWindow]:
    """Everything after the greeting. Raises LichenError for what no worker would say."""
    message = read_message(stream)
    if message is not None:
        check_version(message)
    while (message := read_message(stream)) is not None:
        if not isinstance(message, ToWindow):
            raise LichenError("the training process said what only the window may; start again.")
        yield message


def _cause_of_death(exit_code: int, log: Path) -> str:
    if exit_code == KILLED_EXIT_CODE:
        return "the training process was killed, by somebody or for want of memory."
    return f"the training process ended by itself (exit code {exit_code}); see {log}."
