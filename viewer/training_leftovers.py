"""The trainings that stand under 'From earlier', and what becomes of those that have finished."""

import time
from collections.abc import Set
from pathlib import Path

from exporters.errors import LichenError
from viewer.training_actions import EarlierRun
from viewer.training_runs import Run, find_runs, keep_run
from viewer.training_session import without_path

SECONDS_BETWEEN_SCANS = 2.0


class TrainingLeftovers:
    """Finds the runs that no panel follows. Call `poll` every frame.

    Attributes:
        runs: those that have not finished, the newest first, and those that cannot be kept.
    """

    def __init__(self) -> None:
        self.runs: tuple[EarlierRun, ...] = ()
        self._told: set[str] = set()
        self._last_scan = -SECONDS_BETWEEN_SCANS

    def look_soon(self) -> None:
        """Look again with the next poll."""
        self._last_scan = -SECONDS_BETWEEN_SCANS

    def poll(self, followed: Set[Path]) -> tuple[str, str]:
        """Look for runs whose output is not `followed`; those that have finished are kept.

        Gives what is to be told, and a complaint where a result cannot be kept: each once.
        """
        if time.monotonic() - self._last_scan < SECONDS_BETWEEN_SCANS:
            return "", ""
        self._last_scan = time.monotonic()
        runs = [run for run in find_runs() if run.order.output not in followed]
        paths, complaints = _keep_finished(runs)
        self.runs = tuple(map(_as_earlier, runs))
        new, self._told = complaints - self._told, complaints
        names = ", ".join(path.stem for path in paths)
        news = f"Learnt in the background and now in your gallery: {names}." if names else ""
        return news, "  ".join(sorted(new))


def _keep_finished(runs: list[Run]) -> tuple[list[Path], set[str]]:
    """Move what has finished from the list to the gallery; says what cannot move."""
    paths, complaints = [], set()
    for run in [run for run in runs if run.is_finished and not run.is_training]:
        try:
            paths.append(keep_run(run.order))
            runs.remove(run)
        except LichenError as error:
            complaints.add(str(error))
    return paths, complaints


def _as_earlier(run: Run) -> EarlierRun:
    status = run.status
    if status is None:
        return EarlierRun(run.order, run.is_training, completed=0.0)
    failure = status.sentence if status.phase == "failed" else ""
    return EarlierRun(
        run.order,
        run.is_training,
        completed=status.completed,
        is_learning=status.is_learning,
        failure=without_path(failure, run.order),
    )
