"""One iteration of training, and all that must be kept to go on with it later.

The recipe of Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020), whatever the
target: a pool of states, a random number of steps, a loss, gradients normalised for each parameter.
"""

import copy
import math
from typing import Any

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from exporters.automaton import Automaton
from exporters.errors import LichenError
from training.automaton_step import TrainableAutomaton
from training.plan import TrainingPlan, learning_rate_factor
from training.pool import Pool
from training.processes import Processes
from training.targets.target import Target


class LossNotFinite(LichenError):
    """The loss is no longer a number: the weights have run away, or the loss is at fault."""


class Trainer:
    """Holds the weights, the optimizer, the pool and the random states of one training.

    An iteration is `predict`, `judge`, `backward`, `step`, in this order. Between them `states`
    [batch, h, w, channels] and `loss` (a scalar) are there to be looked at. `completed`, the share
    of the training that is done, decides the learning rate and the number of steps. By its
    `exemplar_digest` the picture that is learnt is known again; empty where there is no file.
    """

    def __init__(
        self,
        plan: TrainingPlan,
        target: Target,
        device: torch.device,
        processes: Processes | None = None,
    ) -> None:
        """With `processes` this trains the share of the pool of one of them."""
        self.plan = plan
        self.target = target
        self.processes = processes or Processes()
        self.exemplar_digest = ""
        self.iteration = 0
        self.completed = 0.0
        self.states = torch.empty(0)
        self.loss = torch.tensor(math.nan)
        self.learning_rate_scale = 1.0
        self._slots = torch.empty(0, dtype=torch.int64)
        self._device = device
        self._generator = torch.Generator().manual_seed(plan.random_seed)
        self._mask_generator = torch.Generator(device).manual_seed(
            plan.random_seed + self.processes.rank
        )
        template = target.new_automaton(plan, self._generator)
        self.model = TrainableAutomaton(template).to(device)
        self._optimizer = torch.optim.Adam(self.trained_parameters(), lr=plan.learning_rate)
        slots = self.processes.share_of(plan.pool_size, "a pool of")
        if plan.batch > slots:
            raise LichenError(
                f"a batch of {plan.batch} does not fit into a process's {slots} states of the "
                "pool; use a larger --pool."
            )
        self.pool = Pool(template, slots, plan.grid_cells)
        target.furnish(self.pool.states, self._generator)
        self._candidates: dict[int, dict[str, Tensor]] = {}
        self._average = AveragedModel(self.model)

    def iterate(self, completed: float) -> float:
        """Train on one batch and return its loss; `completed` is the training's share, 0 to 1.

        Raises:
            LossNotFinite: the loss is not finite; the weights are as before.
        """
        self.completed = completed
        self.predict()
        self.judge()
        self.backward()
        self.step()
        return self.loss.item()

    def predict(self) -> None:
        """Borrow a batch from the pool and run it for a random number of steps."""
        slots = self.pool.sample(self.plan.batch, self._generator)
        ranking = self.target.rank(self.pool.states[slots])
        if ranking is not None:
            slots = slots[ranking.argsort(descending=True)]
        starts_over = self._is_due(self.plan.reseed_interval(self.completed))
        states = self.pool.borrow(slots, starts_over)
        if starts_over:
            self.target.furnish(states[:1], self._generator)
        # A wound could take the one seed cell of a form that has just started over.
        grown = states[1:] if starts_over else states
        self.target.disturb(grown, self._generator)
        if self._is_due(self.plan.damage_every_iterations):
            for state in grown[-self.plan.damaged_states :]:
                self.pool.damage(state, self._generator, heavily=self.plan.robust)
        self._slots = slots
        self.states = self.advance(states, self._draw_step_count())

    def judge(self) -> None:
        """Compute the loss. Raises LossNotFinite where it is no number."""
        self.loss = self.target.loss(self.states, self._generator)
        mean_loss = self.loss.detach().clone()
        self.processes.average([mean_loss])
        if not math.isfinite(mean_loss.item()):
            raise LossNotFinite(
                f"the loss was no longer a number at iteration {self.iteration}; "
                "try a lower --learning-rate."
            )

    def backward(self) -> None:
        """Compute the gradients and scale that of each parameter to unit length.

        Raises:
            LossNotFinite: one of them is no number; the weights are as before.
        """
        self._optimizer.zero_grad()
        self.loss.backward()
        gradients = [parameter.grad for parameter in self.trained_parameters()]
        self.processes.average([gradient for gradient in gradients if gradient is not None])
        if not all(gradient.isfinite().all() for gradient in gradients if gradient is not None):
            raise LossNotFinite(
                f"the gradient was no longer a number at iteration {self.iteration}; "
                "try a lower --learning-rate."
            )
        normalise_gradients(self.trained_parameters())

    def step(self) -> None:
        """Move the weights and give the batch back to the pool."""
        for group in self._optimizer.param_groups:
            factor = learning_rate_factor(self.plan.schedule, self.completed)
            group["lr"] = self.plan.learning_rate * factor * self.learning_rate_scale
        self._optimizer.step()
        if self.completed >= self.plan.average_from:
            self._average.update_parameters(self.model)
        else:  # a longer training goes on from a shorter one
            self.forget_average()
        self.pool.put_back(self._slots, self.states)
        self.iteration += 1

    def advance(self, states: Tensor, steps: int) -> Tensor:
        """Run states [batch, h, w, channels] for `steps` steps with fresh masks."""
        return self.model.rollout(states.to(self._device), steps, self._mask_generator)

    @torch.no_grad()
    def age_pool(self, slot_count: int, steps: int) -> None:
        """Let the first slots live on for so many steps, so that training sees old age."""
        for slots in torch.arange(min(slot_count, len(self.pool.states))).split(self.plan.batch):
            self.pool.put_back(slots, self.advance(self.pool.states[slots], steps))

    @torch.no_grad()
    def settle(self, side_cells: int, steps: int) -> Tensor:
        """Grow a fresh grid from the seed, [side, side, channels]; the training is untouched."""
        states = Pool(self.model.template, 1, side_cells).states
        self.target.furnish(states, torch.Generator().manual_seed(self.plan.random_seed))
        generator = torch.Generator(self._device).manual_seed(self.plan.random_seed)
        return self.model.rollout(states.to(self._device), steps, generator)[0].cpu()

    def to_automaton(self) -> Automaton:
        """The automaton as it stands now."""
        return self.model.to_automaton()

    def keep_candidate(self) -> None:
        """Remember the present weights: the last ones are not always the best."""
        weights = self.model.state_dict().items()
        self._candidates[self.iteration] = {name: weight.clone() for name, weight in weights}

    def forget_candidates(self) -> None:
        """Remember no earlier weights."""
        self._candidates = {}

    def forget_average(self) -> None:
        """Average anew from the next iteration of the last part on."""
        self._average.n_averaged.zero_()

    def candidates(self) -> dict[int, Automaton]:
        """What `keep_candidate` remembered, by iteration, the oldest first."""
        return {
            iteration: self._with_weights(weights)
            for iteration, weights in self._candidates.items()
        }

    def average(self) -> Automaton | None:
        """The mean of the weights over the last part of the training, once that has begun.

        Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (UAI
        2018).
        """
        has_begun = bool(self._average.n_averaged)
        return self._with_weights(self._average.module.state_dict()) if has_begun else None

    def state_dict(self) -> dict[str, Any]:
        """Everything that `load_state_dict` needs to go on exactly where this stands."""
        return {
            "iteration": self.iteration,
            "learning_rate_scale": self.learning_rate_scale,
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "pool": self.pool.states,
            "generator": self._generator.get_state(),
            "mask_generator": self._mask_generator.get_state(),
            "candidates": self._candidates,
            "average": self._average.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave, of a training with the same plan."""
        self.iteration = state["iteration"]
        self.learning_rate_scale = state["learning_rate_scale"]
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.pool.states = state["pool"]
        self._generator.set_state(state["generator"])
        self._mask_generator.set_state(state["mask_generator"])
        self._candidates = dict(state.get("candidates", {}))
        if "average" in state:
            self._average.load_state_dict(state["average"])

    def trained_parameters(self) -> list[torch.nn.Parameter]:
        """All weights but the last bias, which stays zero as in the lesson."""
        return [self.model.hidden_weight, self.model.hidden_bias, self.model.update_weight]

    def _with_weights(self, weights: dict[str, Tensor]) -> Automaton:
        """The automaton with other weights, under the name and credits that it has now."""
        model = copy.deepcopy(self.model)
        model.load_state_dict(weights)
        return model.to_automaton()

    def _is_due(self, every_iterations: int | None) -> bool:
        return every_iterations is not None and self.iteration % every_iterations == 0

    def _draw_step_count(self) -> int:
        low, high = self.plan.step_range(self.completed)
        return int(torch.randint(low, high + 1, (), generator=self._generator))


def normalise_gradients(parameters: list[torch.nn.Parameter]) -> None:
    """Scale the gradient of each parameter to unit length, in place."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad /= parameter.grad.norm() + 1e-8
