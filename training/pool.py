"""The sample pool: states that live on between iterations, so that training sees old age.

After Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020).
"""

import torch
from torch import Tensor

from exporters.alive import ALIVE_THRESHOLD, ALPHA_CHANNEL
from exporters.automaton import Automaton
from training.damage import draw_heavy_wounds, draw_wound


class Pool:
    """States [size, h, w, channels]; a batch is borrowed, advanced and put back."""

    def __init__(self, automaton: Automaton, size: int, side_cells: int) -> None:
        seed = automaton.start_state(side_cells, side_cells)
        self._seed = torch.from_numpy(seed).permute(1, 2, 0).contiguous()
        self._erase_value = automaton.erase_value
        self._own_channels = automaton.own_channels
        self._can_die = automaton.alive_masking
        self.states = self._seed.repeat(size, 1, 1, 1)

    def sample(self, batch: int, generator: torch.Generator) -> Tensor:
        """Draw distinct slots, int64 [batch]."""
        return torch.randperm(len(self.states), generator=generator)[:batch]

    def borrow(self, slots: Tensor, reseed: bool) -> Tensor:
        """Copy the slots' states; with `reseed` the first of them starts over.

        So does every form that has died: nothing grows from an empty grid, nor is there anything
        to learn from it.
        """
        states = self.states[slots]
        if reseed:
            states[0] = self._seed
        if self._can_die:
            lives = (states[..., ALPHA_CHANNEL] > ALIVE_THRESHOLD).any(2).any(1)
            states[~lives] = self._seed
        return states

    def damage(self, state: Tensor, generator: torch.Generator, heavily: bool = False) -> None:
        """Erase a disc, or as much as heavy wounds take, of one state [h, w, channels]."""
        draw = draw_heavy_wounds if heavily else draw_wound
        wound = draw(state.shape[0], generator)
        state[..., : self._own_channels][wound] = self._erase_value

    def put_back(self, slots: Tensor, states: Tensor) -> None:
        """Keep the advanced states [batch, h, w, channels] in their slots."""
        self.states[slots] = states.detach().to(self.states.device)
