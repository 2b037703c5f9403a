"""What is alive in the window: one simulation, its time, its undo, and the way to the next one."""

from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from viewer.clock import StepClock
from viewer.history import History
from viewer.opening import Opening, variant
from viewer.painting import Fill, Stroke
from viewer.simulation import Simulation


class Stage:
    """Runs one automaton and changes to another without stopping the window.

    `path` is the file of the automaton that runs; `simulation` is None before the first.
    """

    def __init__(self, context: moderngl.Context, random_seed: int) -> None:
        self._context = context
        self._clock = StepClock()
        self._opening: Opening | None = None
        self._compiled: set[tuple[str, ...]] = set()
        self.simulation: Simulation | None = None
        self.history = History()
        self.path: Path | None = None
        self.random_seed = random_seed
        self.is_paused = False

    @property
    def grid(self) -> tuple[int, int] | None:
        """The size of the grid that runs, (width, height) in cells."""
        return (self.simulation.width, self.simulation.height) if self.simulation else None

    @property
    def name(self) -> str:
        """What the automaton that runs is called: its file's name."""
        return self.path.stem if self.path else ""

    @property
    def opening_path(self) -> Path | None:
        """The file that is on its way, if any."""
        return self._opening.path if self._opening else None

    def open(self, path: Path, grid: tuple[int, int]) -> None:
        """Run an automaton as soon as it is compiled; until then the old one lives on.

        Raises:
            LichenError: the file holds no automaton.
        """
        self.expect(Opening.prepare(path, grid, variant(path, grid) not in self._compiled))

    def expect(self, opening: Opening) -> None:
        """Run this automaton next, instead of any other that is on its way."""
        self._stop_opening()
        self._opening = opening

    def poll_opening(self) -> bool:
        """Change to the awaited automaton when it is ready, and say whether that happened now.

        Raises:
            LichenError: the automaton cannot be run here; the old one goes on.
        """
        if self._opening is None or not self._opening.is_ready():
            return False
        opening, self._opening = self._opening, None
        opening.report()
        self._show(opening)
        return True

    def advance(self, frame_seconds: float, steps_per_second: float) -> int:
        """Make the steps that are due; gives their number."""
        if self.simulation is None or self.is_paused:
            self._clock.reset()
            return 0
        steps = self._clock.steps_due(frame_seconds, steps_per_second)
        self.simulation.step(steps)
        return steps

    def step_once(self) -> None:
        """Pause, and make one step."""
        self.is_paused = True
        if self.simulation is not None:
            self.simulation.step()

    def restart(self, random_seed: int | None = None) -> None:
        """Begin again from the automaton's own seed."""
        if random_seed is not None:
            self.random_seed = random_seed
        if self.simulation is not None:
            self._record()
            self.simulation.restart(self.random_seed)

    def scatter(self) -> None:
        """Begin again from noise."""
        if self.simulation is not None:
            self._record()
            self.simulation.scatter(self.random_seed)

    def clear(self) -> None:
        """Erase everything."""
        if self.simulation is not None:
            self._record()
            self.simulation.clear()

    def paint(self, stroke: Stroke, fill: Fill, begins: bool) -> None:
        """Paint a piece of a stroke; the first piece makes the whole stroke undoable."""
        if self.simulation is not None:
            if begins:
                self._record()
            self.simulation.paint(stroke, fill)

    def undo(self) -> None:
        """Take back the last stroke, clear or restart."""
        state = self.history.undo()
        if state is not None and self.simulation is not None:
            self.simulation.write_state(state)

    def release(self) -> None:
        """Stop what runs beside the window."""
        self._stop_opening()

    def _show(self, opening: Opening) -> None:
        # First, since compiling takes memory for a moment.
        self.history.clear()
        simulation = Simulation(self._context, opening.automaton, *opening.grid, self.random_seed)
        if self.simulation is not None:
            if opening.path == self.path:
                simulation.write_state(_tiled(self.simulation.read_state(), opening.grid))
            self.simulation.release()
        self.simulation, self.path = simulation, opening.path
        self._compiled.add(variant(opening.path, opening.grid))
        self._clock.reset()

    def _record(self) -> None:
        assert self.simulation is not None
        self.history.record(self.simulation.read_state())

    def _stop_opening(self) -> None:
        if self._opening is not None:
            self._opening.stop()
            self._opening = None


def _tiled(state: NDArray[np.float32], grid: tuple[int, int]) -> NDArray[np.float32]:
    """Go on with the same texture on a grid of another size."""
    width, height = grid
    rows = np.arange(height) % state.shape[1]
    columns = np.arange(width) % state.shape[2]
    return state[:, rows[:, None], columns]
