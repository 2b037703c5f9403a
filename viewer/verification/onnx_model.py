"""Verify `onnx`: both models in ONNX Runtime."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporters.errors import LichenError
from exporters.targets.onnx_model import HASHED_STEP_FILE, STEP_FILE
from exporters.update_mask import update_mask
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

State = NDArray[np.float32]


def verify(export: Export) -> list[Verification]:
    """Run both from the same seed. Raises LichenError without ONNX Runtime."""
    return [
        export.compare(f"ONNX Runtime, {STEP_FILE}", run_masked(export, VERIFIED_STEPS)),
        export.compare(f"ONNX Runtime, {HASHED_STEP_FILE}", run_hashed(export, VERIFIED_STEPS)),
    ]


def run_masked(export: Export, steps: int) -> State:
    """What the model that is told which cells fire makes of the seed, [channels, h, w]."""
    session = _open(export.path / STEP_FILE)
    rate, random_seed = export.automaton.update_rate, export.options.random_seed
    states: State = export.seed_state()[None]
    for step in range(steps):
        fires = update_mask(*export.options.grid, step, random_seed, rate)[None, None]
        (states,) = session.run(["new_state"], {"state": states, "fires": fires})
    final: State = states[0]
    return final


def run_hashed(export: Export, steps: int) -> State:
    """What the model that finds out for itself makes of the seed, [channels, h, w]."""
    session = _open(export.path / HASHED_STEP_FILE)
    random_seeds = np.array([export.options.random_seed])
    states: State = export.seed_state()[None]
    for step in range(steps):
        inputs = {"state": states, "step_index": np.array(step), "random_seed": random_seeds}
        (states,) = session.run(["new_state"], inputs)
    final: State = states[0]
    return final


def _open(path: Path) -> Any:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise LichenError("it can be run here after: pip install onnxruntime") from error
    try:
        return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises types of its own
        raise LichenError(
            f"ONNX Runtime {onnxruntime.__version__} cannot open {path.name}; "
            "it may be too old: pip install --upgrade onnxruntime"
        ) from error
