"""How many steps a second: OpenGL and torch in turns, so that both meet the same weather."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import moderngl

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from viewer.simulation import Simulation

# The driver queues what it is told; so many seconds of steps are waited for together.
BATCH_SECONDS = 0.05

# Runs for so many seconds and gives steps a second.
RunSlice = Callable[[float], float]


@dataclass(frozen=True)
class Slices:
    """How often each backend takes its turn, and for how long."""

    count: int = 5
    seconds: float = 0.4


@dataclass(frozen=True)
class StepFigures:
    """The median steps a second on a square grid; None without torch."""

    automaton: str
    channels: int
    hidden: int
    side_cells: int
    opengl_steps_per_second: float
    torch_steps_per_second: float | None

    @property
    def ratio(self) -> float | None:
        """How many times as fast OpenGL is."""
        if self.torch_steps_per_second is None:
            return None
        return self.opengl_steps_per_second / self.torch_steps_per_second


def measure_steps(
    context: moderngl.Context, entry: GalleryEntry, side_cells: int, slices: Slices
) -> StepFigures:
    """Let both backends run the same automaton in turns.

    Raises:
        LichenError: the automaton's file is damaged, or the torch process failed.
    """
    automaton = entry.automaton
    simulation = Simulation(context, automaton, side_cells, side_cells)
    run_opengl = _prepare_opengl(context, simulation)
    opengl, torch = [], []
    with ExitStack() as stack:
        run_torch: RunSlice | None = None
        if find_spec("torch") is not None:
            run_torch = stack.enter_context(open_torch(entry, side_cells))
        for _ in range(slices.count):
            opengl.append(run_opengl(slices.seconds))
            if run_torch is not None:
                torch.append(run_torch(slices.seconds))
    simulation.release()
    return StepFigures(
        entry.name,
        automaton.channels,
        automaton.hidden,
        side_cells,
        statistics.median(opengl),
        statistics.median(torch) if torch else None,
    )


def _prepare_opengl(context: moderngl.Context, simulation: Simulation) -> RunSlice:
    """Compile, guess how many steps make a batch, and give a function that runs a slice."""

    def run_batch(steps: int) -> float:
        begin = time.perf_counter()
        simulation.step(steps)
        context.finish()
        return time.perf_counter() - begin

    run_batch(1)
    batch = max(1, int(BATCH_SECONDS / run_batch(1)))

    def run_slice(seconds: float) -> float:
        elapsed, steps = 0.0, 0
        while elapsed < seconds:
            elapsed += run_batch(batch)
            steps += batch
        return steps / elapsed

    return run_slice


@contextmanager
def open_torch(entry: GalleryEntry, side_cells: int) -> Iterator[RunSlice]:
    """Run slices in a torch process of its own, since the viewer never imports torch.

    Raises:
        LichenError: the process failed.
    """
    command = [sys.executable, "-P", "-m", "training.bench_step", str(entry.path)]
    process = subprocess.Popen(
        [*command, "--side", str(side_cells)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None and stdout is not None

    def run_slice(seconds: float) -> float:
        try:
            print(seconds, file=stdin, flush=True)
            return float(stdout.readline())
        except (ValueError, OSError) as error:
            raise LichenError("the torch process of the benchmark failed; see above.") from error

    try:
        run_slice(0.0)  # returns when torch is imported and warm
        yield run_slice
    finally:
        process.communicate()
