"""How a texture automaton ages and heals, in figures."""

from collections.abc import Callable
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.patch_distance import patch_distance
from viewer.simulation import Simulation

LARGEST_AGEING = 1.2
LARGEST_SCAR = 1.25
LARGEST_CLAMPED_SHARE = 0.01
STEPS_A_REPORT = 200


@dataclass(frozen=True)
class Rollout:
    """How long to watch, on which grid."""

    side_cells: int = 128
    settled_steps: int = 2_000
    old_steps: int = 20_000
    healing_steps: int = 1_000


@dataclass(frozen=True)
class StabilityReport:
    """Patch distances to the exemplar, in grey levels, and the share of cells at the clamp."""

    settled_distance: float
    old_distance: float
    clamped_share: float
    healed_distance: float
    untouched_distance: float

    @property
    def ageing(self) -> float:
        """How much further from the exemplar the old texture is than the settled one."""
        return self.old_distance / self.settled_distance

    @property
    def scar(self) -> float:
        """How much further from the exemplar the healed quarter is than the other three."""
        return self.healed_distance / self.untouched_distance

    @property
    def problems(self) -> list[str]:
        """What is wrong with it, in phrases; empty for a sound automaton."""
        found: list[str] = []
        if not self.ageing <= LARGEST_AGEING:
            found.append("drifts")
        if not self.clamped_share < LARGEST_CLAMPED_SHARE:
            found.append("sits at its clamp")
        if not self.scar <= LARGEST_SCAR:
            found.append("does not heal")
        return found


def measure_stability(
    context: moderngl.Context,
    automaton: Automaton,
    exemplar: NDArray[np.uint8],
    rollout: Rollout,
    on_step: Callable[[int], None] = lambda steps: None,
) -> StabilityReport:
    """Let it settle, erase a quarter and let that heal, then age it; exemplar is [h, w, 3].

    `on_step` is told after every few steps how many have been done in all.
    """
    side = rollout.side_cells
    simulation = Simulation(context, automaton, side, side)

    def advance_to(step: int) -> None:
        while simulation.step_count < step:
            simulation.step(min(STEPS_A_REPORT, step - simulation.step_count))
            on_step(simulation.step_count)

    advance_to(rollout.settled_steps)
    settled_state = simulation.read_state()
    settled = patch_distance(simulation.read_picture(), exemplar)
    _erase_quarter(simulation)
    advance_to(rollout.settled_steps + rollout.healing_steps)
    first, *others = _quarters(simulation.read_picture())
    # The ageing must not depend on the wound: go on from before it.
    simulation.write_state(settled_state)
    advance_to(rollout.old_steps + rollout.healing_steps)
    report = StabilityReport(
        settled_distance=settled,
        old_distance=patch_distance(simulation.read_picture(), exemplar),
        clamped_share=_clamped_share(automaton, simulation.read_state()),
        healed_distance=patch_distance(first, exemplar),
        untouched_distance=float(np.mean([patch_distance(part, exemplar) for part in others])),
    )
    simulation.release()
    return report


def _erase_quarter(simulation: Simulation) -> None:
    """Put the erase value into the top left quarter."""
    half = simulation.width // 2
    state = simulation.read_state()
    state[:, :half, :half] = simulation.automaton.erase_value
    simulation.write_state(state)


def _quarters(picture: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Top left, top right, bottom left, bottom right."""
    half = picture.shape[0] // 2
    return [picture[rows, columns] for rows in _halves(half) for columns in _halves(half)]


def _halves(half: int) -> tuple[slice, slice]:
    return slice(0, half), slice(half, None)


def _clamped_share(automaton: Automaton, state: NDArray[np.float32]) -> float:
    """Share of cells with any channel at the clamp."""
    if automaton.clamp is None:
        return 0.0
    low, high = automaton.clamp
    return float(((state <= low) | (state >= high)).any(axis=0).mean())
