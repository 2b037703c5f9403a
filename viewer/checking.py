"""The stability check beside the window, in a process of its own, and what it said before.

    python -m viewer.checking AUTOMATON --output FILE

What was found lies in the user's cache under the file's content, so that a retrained automaton is
one that nobody has checked yet. Until then the verdict that its training left in the file counts.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from exporters.atomic import atomic_path
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from exporters.verdict import Verdict
from viewer.panels.state import StabilityState
from viewer.settling import LOW_PRIORITY, HelperProcess, content_key


@dataclass(frozen=True)
class _Check:
    """One check under way."""

    automaton_path: Path
    helper: HelperProcess


class Checks:
    """At most one check at a time; verdicts are looked up once for every state of a file."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int], Verdict | None] = {}
        self._running: _Check | None = None

    def start(self, automaton_path: Path) -> None:
        """Check an automaton in the background.

        Raises:
            LichenError: another check runs, or the file cannot be read.
        """
        if self._running is not None:
            name = self._running.automaton_path.stem
            raise LichenError(f"{name} is still being checked; wait for its verdict.")
        output = verdict_path(automaton_path)
        helper = HelperProcess(automaton_path, "--output", output, module="viewer.checking")
        self._running = _Check(automaton_path, helper)

    def poll(self) -> None:
        """Follow the check that runs.

        Raises:
            LichenError: it failed.
        """
        check = self._running
        if check is None or check.helper.is_running:
            return
        self._running = None
        self._known.clear()
        if error := check.helper.error():
            raise LichenError(f"{check.automaton_path.stem} could not be checked: {error}")

    def state(self, automaton_path: Path | None) -> StabilityState:
        """What the panel shows of an automaton."""
        if automaton_path is None:
            return StabilityState()
        running = self._running
        is_checking = running is not None and running.automaton_path == automaton_path
        return StabilityState(self._verdict(automaton_path), is_checking)

    def stop(self) -> None:
        """End the check that runs; it leaves nothing."""
        if self._running is not None:
            self._running.helper.stop()

    def _verdict(self, automaton_path: Path) -> Verdict | None:
        try:
            version = automaton_path, automaton_path.stat().st_mtime_ns
        except OSError:
            return None
        if version not in self._known:
            self._known[version] = load_verdict(automaton_path)
        return self._known[version]


def verdict_path(automaton_path: Path) -> Path:
    """Where the verdict on a file's content is kept. Raises LichenError if it cannot be read."""
    folder = platformdirs.user_cache_path("lichen", appauthor=False) / "verdicts"
    return folder / f"{content_key(automaton_path)}.json"


def load_verdict(automaton_path: Path) -> Verdict | None:
    """The last check's verdict, or else the training's own, or None."""
    try:
        return Verdict(**json.loads(verdict_path(automaton_path).read_text("utf-8")))
    except (OSError, ValueError, TypeError, LichenError):
        pass
    try:
        return GalleryEntry(automaton_path).automaton.verdict
    except LichenError:
        return None


def main(arguments: list[str] | None = None) -> int:
    """The helper's own side of this module."""
    parser = argparse.ArgumentParser(prog="viewer.checking")
    parser.add_argument("automaton", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
    # The software renderer would take every core, and the window needs one.
    os.environ.setdefault("LP_NUM_THREADS", "1")
    try:
        _check(GalleryEntry(options.automaton), options.output)
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _check(entry: GalleryEntry, output: Path) -> None:
    from viewer.commands.check import find_exemplar
    from viewer.context import create_headless_context
    from viewer.stability import check_stability

    exemplar = find_exemplar(entry)
    examination = check_stability(create_headless_context(), entry.automaton, exemplar, quick=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(output) as temporary:
        temporary.write_text(json.dumps(asdict(examination.verdict)), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
