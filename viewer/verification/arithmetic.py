"""The reference for hosts whose noise is exporters/arithmetic_noise.py."""

import numpy as np
from numpy.typing import NDArray

from exporters import reference
from exporters.arithmetic_noise import arithmetic_mask, arithmetic_unit_noise
from exporters.content import furnished_state
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification


def arithmetic_reference(export: Export, steps: int) -> NDArray[np.float32]:
    """What the reference makes of such a host's seed, [channels, height, width]."""
    automaton, (width, height) = export.automaton, export.options.grid
    random_seed = export.options.random_seed
    state = furnished_state(automaton, height, width, random_seed, arithmetic_unit_noise)
    return reference.run(automaton, state, steps, random_seed, mask=arithmetic_mask)


def compare(export: Export, runtime: str, state: NDArray[np.float32]) -> Verification:
    """Hold what a host made of its seed in `VERIFIED_STEPS` against the reference."""
    expected = arithmetic_reference(export, VERIFIED_STEPS)
    return Verification(runtime, float(np.abs(state - expected).max()))
