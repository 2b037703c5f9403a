"""One iteration of training a diffusion model, and all that must be kept to go on with it."""

import copy
import math
from collections.abc import Iterator
from typing import Any

import torch
from accelerate import Accelerator
from torch import nn
from torch.nn import functional

from exporters.errors import LichenError
from training.dream.own.denoiser import Denoiser
from training.dream.own.noising import NoisedBatch, noised_batches
from training.dream.own.pictures import PatchSource
from training.dream.own.plan import DreamerPlan

WARM_UP_ITERATIONS = 50
LARGEST_GRADIENT = 1.0
# The average reaches back over a tenth of the training, however long that is.
AVERAGE_EXPONENT = 6.94


class DreamerTrainer:
    """The weights, their average over time, the optimizer, and the row of batches.

    `denoiser` holds the average, which is what dreams; since it needs no falling learning rate, a
    training may end or go on at any time. `loss` is that of the newest iteration.
    """

    def __init__(self, plan: DreamerPlan, source: PatchSource, accelerator: Accelerator) -> None:
        """`accelerator` knows the precision, the device and the other processes."""
        self.plan = plan
        self.source = source
        self.iteration = 0
        self.loss = math.nan
        self._accelerator = accelerator
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(plan.random_seed)
            model = Denoiser(plan.widths).to(accelerator.device)
        self.denoiser = copy.deepcopy(model).requires_grad_(False)
        optimizer = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate)
        self._model, self._optimizer = accelerator.prepare(model, optimizer)
        self._batches = self._open_batches()

    def iterate(self) -> None:
        """Learn from one batch.

        Raises:
            LichenError: the loss is no longer a number, or a picture cannot be read.
        """
        batch = next(self._batches)
        device = self._accelerator.device
        predicted = self._model(batch.scaled.to(device), batch.levels.to(device))
        loss = functional.mse_loss(predicted, batch.targets.to(device))
        self._accelerator.backward(loss)
        length = self._accelerator.clip_grad_norm_(self._model.parameters(), LARGEST_GRADIENT)
        self.loss = self._accelerator.reduce(loss.detach(), "mean").item()
        if not (math.isfinite(self.loss) and math.isfinite(length)):
            raise LichenError(
                f"the loss was no longer a number at iteration {self.iteration}; "
                "--resume with a lower --learning-rate."
            )
        warmth = min(1.0, (self.iteration + 1) / WARM_UP_ITERATIONS)
        for group in self._optimizer.param_groups:
            group["lr"] = self.plan.learning_rate * warmth
        self._optimizer.step()
        self._optimizer.zero_grad()
        average_over_a_share(self.denoiser, self._network, self.iteration)
        self.iteration += 1

    def state_dict(self) -> dict[str, Any]:
        """Everything that `load_state_dict` needs to go on exactly where this stands."""
        return {
            "iteration": self.iteration,
            "model": self._network.state_dict(),
            "average": self.denoiser.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave, of a training with the same plan and pictures."""
        self._network.load_state_dict(state["model"])
        self.denoiser.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.iteration = state["iteration"]
        self._batches = self._open_batches()

    @property
    def _network(self) -> Denoiser:
        """The newest weights, out of what Accelerate has wrapped them in."""
        network: Denoiser = self._accelerator.unwrap_model(self._model)
        return network

    def _open_batches(self) -> Iterator[NoisedBatch]:
        rank = self._accelerator.process_index
        return noised_batches(self.source, self.plan, self.iteration, rank)


@torch.no_grad()
def average_over_a_share(average: nn.Module, newest: nn.Module, iteration: int) -> None:
    """Take the newest weights of an iteration, counted from 0, into the average of all so far.

    The power function average of Karras et al., "Analyzing and Improving the Training Dynamics of
    Diffusion Models" (2024).
    """
    kept = (iteration / (iteration + 1)) ** (AVERAGE_EXPONENT + 1)
    for mean, weight in zip(average.parameters(), newest.parameters(), strict=True):
        mean.lerp_(weight, 1 - kept)
