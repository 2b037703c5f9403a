"""What is alive in the window: one simulation, its time, its undo, and the way to the next one."""

from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from viewer.clock import StepClock
from viewer.content import Content, Still
from viewer.history import History
from viewer.opening import Opening, variant
from viewer.painting import Fill, Stroke
from viewer.simulation import Simulation

# What a processor steps fast enough with weights that were never compiled.
PREVIEW_GRID_CELLS = (96, 96)
# Young weights can drive a state so far that older and wiser ones never bring it back.
RUNAWAY_VALUE = 50.0


class Stage:
    """Runs one automaton and changes to another without stopping the window.

    `path` is the file of the automaton that runs, None for the preview of a training;
    `simulation` is None before the first.
    """

    def __init__(self, context: moderngl.Context, random_seed: int) -> None:
        self._context = context
        self._clock = StepClock()
        self._opening: Opening | None = None
        self._compiled: set[tuple[str, ...]] = set()
        self._preview: Simulation | None = None
        self.simulation: Simulation | None = None
        self.history = History()
        self.path: Path | None = None
        self.random_seed = random_seed
        self.is_paused = False
        self.content: Content = Still()
        self._strength = 1.0

    @property
    def grid(self) -> tuple[int, int] | None:
        """The size of the grid that runs, (width, height) in cells."""
        return (self.simulation.width, self.simulation.height) if self.simulation else None

    @property
    def name(self) -> str:
        """What the automaton that runs is called: its file's name, or its own while it learns."""
        if self.path is not None:
            return self.path.stem
        return self.simulation.automaton.name if self.simulation else ""

    @property
    def shows_preview(self) -> bool:
        """Whether it is the preview of a training that runs."""
        return self.simulation is not None and self.simulation is self._preview

    @property
    def grows(self) -> bool:
        """Whether forms grow here from single cells."""
        return self.simulation is not None and self.simulation.automaton.alive_masking

    @property
    def filters(self) -> bool:
        """Whether what runs is a living filter, which looks at a picture."""
        return self.simulation is not None and self.simulation.automaton.content_channels > 0

    @property
    def opening_path(self) -> Path | None:
        """The file that is on its way, if any."""
        return self._opening.path if self._opening else None

    def open(self, path: Path, grid: tuple[int, int], keep_state: bool = False) -> None:
        """Run an automaton as soon as it is compiled; until then the old one lives on.

        With `keep_state` it goes on from what is there, if it has as many channels.

        Raises:
            LichenError: the file holds no automaton.
        """
        opening = Opening.prepare(path, grid, variant(path, grid) not in self._compiled)
        self.expect(replace(opening, keep_state=keep_state or path == self.path))

    def preview(self, automaton: Automaton) -> None:
        """Run the weights of a training on a small grid, at once; its state lives on."""
        if not self.shows_preview or (self._opening and self._opening.for_preview):
            self.stop_opening()
        if self._preview is None or self._preview.automaton.channels != automaton.channels:
            self.end_preview()
            simulation = Simulation(
                self._context, automaton, *PREVIEW_GRID_CELLS, self.random_seed, live=True
            )
        else:
            simulation = self._preview
            simulation.use(automaton, live=True)
            if not np.abs(simulation.read_state()).max() < RUNAWAY_VALUE:
                simulation.restart()
        if self.simulation is not simulation:
            self._change_to(simulation, None)
        self._preview = simulation

    def bake_preview(self, path: Path) -> None:
        """Compile the preview for weights that will not change for a while; nothing stalls.

        Raises:
            LichenError: the file holds no automaton.
        """
        self.expect(replace(Opening.prepare(path, PREVIEW_GRID_CELLS), for_preview=True))

    def end_preview(self) -> None:
        """Forget the preview once something else is shown."""
        if self._preview is not None and not self.shows_preview:
            self._preview.release()
        self._preview = None

    def expect(self, opening: Opening) -> None:
        """Run this automaton next, instead of any other that is on its way."""
        self.stop_opening()
        self._opening = opening

    def stop_opening(self) -> None:
        """Let what runs live on, whatever was on its way."""
        if self._opening is not None:
            self._opening.stop()
            self._opening = None

    def poll_opening(self) -> bool:
        """Change to the awaited automaton when it is ready, and say whether that happened now.

        Raises:
            LichenError: the automaton cannot be run here; the old one goes on.
        """
        if self._opening is None or not self._opening.is_ready():
            return False
        opening, self._opening = self._opening, None
        opening.report()
        if opening.for_preview:
            if self._preview is not None and self.shows_preview:
                self._preview.use(opening.automaton, live=False)
            return False
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

    def plant(self, x_cells: float, y_cells: float) -> None:
        """Put one living cell on the grid; what grows there already lives on around it."""
        if self.simulation is not None:
            self._record()
            self.simulation.plant(x_cells, y_cells)

    def sow(self, pixels: NDArray[np.uint8]) -> None:
        """Cover the grid with the colours of a picture [height, width, 3]."""
        if self.simulation is not None:
            self._record()
            self.simulation.sow(pixels)

    def undo(self) -> None:
        """Take back the last stroke, clear or restart."""
        state = self.history.undo()
        if state is not None and self.simulation is not None:
            self.simulation.write_state(state)
            self.content.forget()

    def change_content(self, content: Content) -> None:
        """Let filters look at this from now on."""
        self.content.close()
        self.content = content

    def look(self, strength: float, memory: float) -> None:
        """Let a filter see what is new: this strongly, and after a film's frame so much is kept."""
        if self.simulation is None or not self.filters:
            return
        if strength != self._strength:
            self.content.forget()
        colours = self.content.look(self.simulation.width, self.simulation.height)
        if colours is not None:
            dimmed = np.float32(0.5) + np.float32(strength) * (colours - np.float32(0.5))
            self.simulation.show(dimmed, memory if strength == self._strength else 1.0)
        self._strength = strength

    def release(self) -> None:
        """Stop what runs beside the window."""
        self.stop_opening()
        self.content.close()

    def _show(self, opening: Opening) -> None:
        # First, since compiling takes memory for a moment.
        self.history.clear()
        simulation = Simulation(self._context, opening.automaton, *opening.grid, self.random_seed)
        before = self.simulation
        if before is not None and opening.keep_state:
            if _sizes(before.automaton) == _sizes(simulation.automaton):
                simulation.write_state(_tiled(before.read_state(), opening.grid))
        self._change_to(simulation, opening.path)
        self._compiled.add(variant(opening.path, opening.grid))

    def _change_to(self, simulation: Simulation, path: Path | None) -> None:
        """Show this one; the one before goes, unless it is the preview, which one comes back to."""
        if self.simulation is not None and not self.shows_preview:
            self.simulation.release()
        self.simulation, self.path = simulation, path
        self.history.clear()
        self.content.forget()
        self._clock.reset()

    def _record(self) -> None:
        assert self.simulation is not None
        self.history.record(self.simulation.read_state())


def _sizes(automaton: Automaton) -> tuple[int, int]:
    return automaton.channels, automaton.content_channels


def _tiled(state: NDArray[np.float32], grid: tuple[int, int]) -> NDArray[np.float32]:
    """Go on with the same texture on a grid of another size."""
    width, height = grid
    rows = np.arange(height) % state.shape[1]
    columns = np.arange(width) % state.shape[2]
    return state[:, rows[:, None], columns]
