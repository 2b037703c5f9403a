"""How many steps a second: OpenGL and torch in turns, so that both meet the same weather."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType

import moderngl

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from viewer.simulation import Simulation

# The driver queues what it is told; so many seconds of steps are waited for together.
BATCH_SECONDS = 0.05


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
        run_torch = None
        if find_spec("torch") is not None:
            run_torch = stack.enter_context(TorchProcess(entry, side_cells)).run
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


def _prepare_opengl(context: moderngl.Context, simulation: Simulation) -> Callable[[float], float]:
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


class TorchProcess:
    """The same automaton in a torch process of its own; the viewer never imports torch."""

    def __init__(self, entry: GalleryEntry, side_cells: int) -> None:
        command = [sys.executable, "-P", "-m", "training.bench_step", str(entry.path)]
        self._process = subprocess.Popen(
            [*command, "--side", str(side_cells)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "TorchProcess":
        self.run(0.0)  # until torch is imported and warm
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, seconds: float) -> float:
        """Run a slice; gives steps a second. Raises LichenError if the process failed."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            print(seconds, file=self._process.stdin, flush=True)
            return float(self._process.stdout.readline())
        except (ValueError, OSError) as error:
            raise LichenError("the torch process of the benchmark failed; see above.") from error
