"""Verify `python`: the file, in a Python process of its own."""

import subprocess
import sys

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

RUN = """
import runpy, sys, numpy
path, *numbers = sys.argv[1:]
width, height, random_seed, steps = map(int, numbers)
automaton = runpy.run_path(path)
state = automaton["seed"](height, width, random_seed)
content = numpy.frombuffer(sys.stdin.buffer.read(), numpy.float32).reshape(-1, height, width)
state[len(state) - len(content):] = content
state = automaton["run"](state, steps, random_seed=random_seed)
sys.stdout.buffer.write(state.tobytes())
"""


def verify(export: Export) -> list[Verification]:
    """Run it from the same seed. Raises LichenError with Python's last words if it fails."""
    return [export.compare("Python", run_file(export, VERIFIED_STEPS))]


def run_file(export: Export, steps: int) -> NDArray[np.float32]:
    """What the file makes of its seed, [channels, h, w]. Raises LichenError if it fails."""
    width, height = export.options.grid
    numbers = map(str, (width, height, export.options.random_seed, steps))
    command = [sys.executable, "-c", RUN, str(export.path), *numbers]
    content = export.seed_state()[export.automaton.own_channels :].tobytes()
    process = subprocess.run(command, input=content, capture_output=True, check=False)
    if process.returncode:
        last_line = process.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise LichenError(f"it does not run: {last_line}")
    shape = (export.automaton.channels, height, width)
    return np.frombuffer(process.stdout, np.float32).reshape(shape)
