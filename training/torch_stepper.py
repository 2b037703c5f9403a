"""Runs a finished automaton in torch, as the stability check wants it."""

import numpy as np
import torch
from numpy.typing import NDArray

from exporters.automaton import Automaton
from training.automaton_step import TrainableAutomaton


class TorchStepper:
    """An `exporters.stability.Stepper`; the same random seed gives the same masks again."""

    def __init__(
        self, automaton: Automaton, device: torch.device | str = "cpu", random_seed: int = 0
    ) -> None:
        self._model = TrainableAutomaton(automaton).to(device)
        self._device = device
        self._generator = torch.Generator(device).manual_seed(random_seed)

    @torch.inference_mode()
    def __call__(self, state: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Advance a copy of a state [channels, h, w] by so many steps."""
        states = torch.from_numpy(state).to(self._device).permute(1, 2, 0)[None].clone()
        for _ in range(steps):
            states = self._model(states, self._model.draw_mask(states, self._generator))
        advanced: NDArray[np.float32] = states[0].permute(2, 0, 1).cpu().contiguous().numpy()
        return advanced
