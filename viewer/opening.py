"""The way to an automaton: its file is read at once, its shaders are compiled beside the window."""

import logging
from dataclasses import dataclass
from pathlib import Path

from exporters.automaton import Automaton
from exporters.automaton_file import load_automaton
from exporters.baker import bake
from viewer.settling import HelperProcess, content_key

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """An automaton that is about to run on a grid of this size.

    `keep_state` says that it goes on from what the grid holds, `for_preview` that it only takes
    over the preview of a training.
    """

    path: Path
    automaton: Automaton
    grid: tuple[int, int]
    helper: HelperProcess | None = None
    keep_state: bool = False
    for_preview: bool = False

    @staticmethod
    def prepare(path: Path, grid: tuple[int, int], compile_ahead: bool = True) -> "Opening":
        """Read the file, and start a helper that compiles unless that was done before.

        Raises:
            LichenError: the file holds no automaton, or one that no shader can run.
        """
        automaton = load_automaton(path)
        bake(automaton)
        size = "x".join(map(str, grid))
        helper = HelperProcess(path, "--grid", size) if compile_ahead else None
        return Opening(path, automaton, grid, helper)

    def is_ready(self) -> bool:
        """Whether the window can run it without a pause."""
        return self.helper is None or not self.helper.is_running

    def report(self) -> None:
        """Note in the log why the helper failed, if it did: then the window compiles by itself."""
        if self.helper is not None and (error := self.helper.error()):
            log.warning("%s is compiled in the window: %s", self.path, error)

    def stop(self) -> None:
        """Let the helper go."""
        if self.helper is not None:
            self.helper.stop()


def variant(path: Path, grid: tuple[int, int]) -> tuple[str, ...]:
    """What drivers compile apart: the weights, and whether sides are powers of two.

    Raises:
        LichenError: the file cannot be read.
    """
    return content_key(path), *("power of two" if side & (side - 1) == 0 else "" for side in grid)
