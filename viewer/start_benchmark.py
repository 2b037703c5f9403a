"""How long until the first step, and with how much memory, in fresh processes.

    python -m viewer.start_benchmark AUTOMATON --side CELLS

prints the figures of its own process as JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from exporters.errors import LichenError
from viewer.memory import peak_memory_megabytes


@dataclass(frozen=True)
class StartFigures:
    """Seconds for each stage of a start without a window, and the process's peak memory."""

    import_seconds: float
    context_seconds: float
    first_step_seconds: float
    memory_megabytes: float


def measure_start(automaton: Path, side_cells: int) -> tuple[StartFigures, StartFigures]:
    """The figures of a first start, with the driver's shader cache empty, and of a second.

    Drivers other than Mesa keep their cache elsewhere, where it stays as it is.

    Raises:
        LichenError: a process failed.
    """
    command = [sys.executable, "-P", "-m", "viewer.start_benchmark", str(automaton)]
    command += ["--side", str(side_cells)]
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"MESA_SHADER_CACHE_DIR": cache}
        first, second = (_measure_process(command, environment) for _ in range(2))
    return first, second


def _measure_process(command: list[str], environment: dict[str, str]) -> StartFigures:
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if child.returncode:
        raise LichenError(f"the start could not be measured: {child.stderr.strip()[-200:]}")
    return StartFigures(**json.loads(child.stdout))


def main() -> None:
    """The child's side."""
    parser = argparse.ArgumentParser(prog="viewer.start_benchmark")
    parser.add_argument("automaton", type=Path)
    parser.add_argument("--side", type=int, required=True)
    options = parser.parse_args()
    begin = time.perf_counter()
    from exporters.automaton_file import load_automaton
    from viewer.context import create_headless_context
    from viewer.simulation import Simulation

    imported = time.perf_counter()
    context = create_headless_context()
    created = time.perf_counter()
    Simulation(context, load_automaton(options.automaton), options.side, options.side).step()
    context.finish()
    stepped = time.perf_counter()
    figures = {
        "import_seconds": imported - begin,
        "context_seconds": created - imported,
        "first_step_seconds": stepped - created,
        "memory_megabytes": peak_memory_megabytes(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
