"""The stability check on OpenGL: for the command, the window's helper and the gallery."""

import moderngl
import numpy as np
from numpy.typing import NDArray

from exporters.automaton import Automaton
from exporters.doctor import examine, full_watch, quick_watch
from exporters.stability import Examination, OnMoment, Picture
from viewer.simulation import Simulation


class GLStepper:
    """An `exporters.stability.Stepper`; it keeps one simulation for every size of grid."""

    def __init__(self, context: moderngl.Context, automaton: Automaton) -> None:
        self._context = context
        self._automaton = automaton
        self._simulations: dict[tuple[int, ...], Simulation] = {}

    def __call__(self, state: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Advance a copy of a state [channels, h, w] by so many steps.

        Raises:
            LichenError: the grid is too large, or the automaton is too large to bake.
        """
        _, height, width = state.shape
        if (height, width) not in self._simulations:
            simulation = Simulation(self._context, self._automaton, width, height)
            self._simulations[height, width] = simulation
        simulation = self._simulations[height, width]
        simulation.write_state(state)
        simulation.step(steps)
        return simulation.read_state()

    def release(self) -> None:
        """Give the textures back; it must not be used after this."""
        for simulation in self._simulations.values():
            simulation.release()


def check_stability(
    context: moderngl.Context,
    automaton: Automaton,
    exemplar: Picture | None = None,
    quick: bool = False,
    on_moment: OnMoment = lambda moment: None,
) -> Examination:
    """Watch an automaton for 20,000 steps, or 2,000; the rest as `exporters.doctor.examine`.

    Raises:
        LichenError: the automaton is too large to bake.
    """
    stepper = GLStepper(context, automaton)
    watch = quick_watch(automaton) if quick else full_watch(automaton)
    try:
        return examine(automaton, stepper, watch, exemplar, on_moment)
    finally:
        stepper.release()
