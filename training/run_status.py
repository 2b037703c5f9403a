"""How a worker's training stands, kept on disk for windows that open later."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from exporters.atomic import atomic_path
from training.claim import claim, is_held
from training.plain_json import from_plain, to_plain
from training.run_files import lock_path, status_path

RunPhase = Literal["preparing", "training", "paused", "checking", "finished", "failed"]


@dataclass(frozen=True)
class RunStatus:
    """What was last written down; `sentence` is the verdict, or why it failed."""

    process_id: int
    phase: RunPhase
    iteration: int = 0
    completed: float = 0.0
    elapsed_seconds: float = 0.0
    sentence: str = ""

    @property
    def is_learning(self) -> bool:
        """Whether it would keep something if it were ended now."""
        return self.phase in ("training", "paused")


def write_status(automaton_path: Path, status: RunStatus) -> None:
    """Raises LichenError where the folder takes no files, or the disk is full."""
    with atomic_path(status_path(automaton_path)) as temporary:
        temporary.write_text(json.dumps(to_plain(status)), encoding="utf-8")


def read_status(automaton_path: Path) -> RunStatus | None:
    """None where no worker has trained here, or what it left cannot be read."""
    try:
        content = json.loads(status_path(automaton_path).read_text(encoding="utf-8"))
        status: RunStatus = from_plain(RunStatus, content)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return status


def spent_seconds(automaton_path: Path) -> float:
    """How long a worker has trained here so far; 0 where none has."""
    status = read_status(automaton_path)
    return status.elapsed_seconds if status else 0.0


@contextmanager
def claimed(automaton_path: Path) -> Iterator[None]:
    """Keep other workers away for the length of the block, or of the process if it is killed.

    The lock's file goes with the block, and stays only where the process was killed.

    Raises:
        LichenError: another worker trains here, or the folder takes no files.
    """
    complaint = f"another training is still writing to {automaton_path}; stop that one first."
    with claim(lock_path(automaton_path), complaint):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes nothing that is open.
                lock_path(automaton_path).unlink()


def note_phase(automaton_path: Path, phase: RunPhase, sentence: str = "") -> None:
    """Write down what this process does; how far the training is stays as it was.

    Raises:
        LichenError: the folder takes no files, or the disk is full.
    """
    status = read_status(automaton_path) or RunStatus(0, phase)
    write_status(
        automaton_path, replace(status, process_id=os.getpid(), phase=phase, sentence=sentence)
    )


def is_claimed(automaton_path: Path) -> bool:
    """Whether a worker trains here now."""
    return is_held(lock_path(automaton_path))
