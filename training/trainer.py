"""One iteration of training, and all that must be kept to go on with it later.

The recipe of Niklasson et al., "Self-Organising Textures" (Distill 2021): a pool of states, a
random number of steps, a style and an overflow loss, gradients normalised for each parameter.
"""

import math
from typing import Any

import torch
from torch import Tensor

from exporters.automaton import Automaton
from exporters.errors import LichenError
from training.automaton_step import TrainableAutomaton, new_automaton
from training.losses.overflow import overflow_loss
from training.losses.style import StyleLoss
from training.plan import TrainingPlan, learning_rate_factor
from training.pool import Pool


class Trainer:
    """Holds the weights, the optimizer, the pool and the random states of one training."""

    def __init__(self, plan: TrainingPlan, loss: StyleLoss, device: torch.device) -> None:
        self.plan = plan
        self.iteration = 0
        self._loss = loss
        self._device = device
        self._generator = torch.Generator().manual_seed(plan.random_seed)
        self._mask_generator = torch.Generator(device).manual_seed(plan.random_seed)
        template = new_automaton(plan.channels, plan.hidden, self._generator)
        self.model = TrainableAutomaton(template).to(device)
        self._optimizer = torch.optim.Adam(self._trained_parameters(), lr=plan.learning_rate)
        self.pool = Pool(template, plan.pool_size, plan.grid_cells)

    def iterate(self, completed: float) -> float:
        """Train on one batch and return its loss; `completed` is the training's share, 0 to 1.

        Raises:
            LichenError: the loss is not finite.
        """
        for group in self._optimizer.param_groups:
            group["lr"] = self.plan.learning_rate * learning_rate_factor(completed)
        slots = self.pool.sample(self.plan.batch, self._generator)
        states = self.pool.borrow(slots, self._is_due(self.plan.reseed_every_iterations))
        if self._is_due(self.plan.damage_every_iterations):
            self.pool.damage(states[-1], self._generator)
        states = self.advance(states, self._draw_step_count())
        loss = self._loss(to_pictures(states), self._generator)
        loss = loss + self.plan.overflow_weight * overflow_loss(states)
        if not math.isfinite(loss.item()):
            raise LichenError(
                f"the loss was no longer a number at iteration {self.iteration}; "
                "try a lower --learning-rate."
            )
        self._optimizer.zero_grad()
        loss.backward()
        normalise_gradients(self._trained_parameters())
        self._optimizer.step()
        self.pool.put_back(slots, states)
        self.iteration += 1
        return loss.item()

    def advance(self, states: Tensor, steps: int) -> Tensor:
        """Run states [batch, h, w, channels] for `steps` steps with fresh masks."""
        states = states.to(self._device)
        for _ in range(steps):
            states = self.model(states, self.model.draw_mask(states, self._mask_generator))
        return states

    @torch.no_grad()
    def age_pool(self, slot_count: int, steps: int) -> None:
        """Let the first slots live on for so many steps, so that training sees old age."""
        for slots in torch.arange(min(slot_count, len(self.pool.states))).split(self.plan.batch):
            self.pool.put_back(slots, self.advance(self.pool.states[slots], steps))

    @torch.no_grad()
    def settle(self, side_cells: int, steps: int) -> Tensor:
        """Grow a fresh grid from the seed, [side, side, channels]; the training is untouched."""
        state = Pool(self.model.template, 1, side_cells).states.to(self._device)
        generator = torch.Generator(self._device).manual_seed(self.plan.random_seed)
        for _ in range(steps):
            state = self.model(state, self.model.draw_mask(state, generator))
        return state[0].cpu()

    def to_automaton(self) -> Automaton:
        """The automaton as it stands now."""
        return self.model.to_automaton()

    def state_dict(self) -> dict[str, Any]:
        """Everything that `load_state_dict` needs to go on exactly where this stands."""
        return {
            "iteration": self.iteration,
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "pool": self.pool.states,
            "generator": self._generator.get_state(),
            "mask_generator": self._mask_generator.get_state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave, of a training with the same plan."""
        self.iteration = state["iteration"]
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.pool.states = state["pool"]
        self._generator.set_state(state["generator"])
        self._mask_generator.set_state(state["mask_generator"])

    def _is_due(self, every_iterations: int | None) -> bool:
        return every_iterations is not None and self.iteration % every_iterations == 0

    def _draw_step_count(self) -> int:
        low, high = self.plan.fewest_steps, self.plan.most_steps
        return int(torch.randint(low, high + 1, (), generator=self._generator))

    def _trained_parameters(self) -> list[torch.nn.Parameter]:
        """All weights but the last bias, which stays zero as in the lesson."""
        return [self.model.hidden_weight, self.model.hidden_bias, self.model.update_weight]


def to_pictures(states: Tensor) -> Tensor:
    """Colours of states [batch, h, w, channels] as pictures [batch, 3, h, w], about 0..1."""
    return states[..., :3].permute(0, 3, 1, 2) + 0.5


def normalise_gradients(parameters: list[torch.nn.Parameter]) -> None:
    """Scale the gradient of each parameter to unit length, in place."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad /= parameter.grad.norm() + 1e-8
