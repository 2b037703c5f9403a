"""From an order to a trainer that is ready to go."""

from dataclasses import replace

import torch

from exporters.errors import LichenError
from training.checkpoint import load_checkpoint
from training.exemplar import load_exemplar
from training.form import load_form
from training.losses.choose import choose_loss
from training.order import TrainingOrder
from training.processes import Processes
from training.run_files import checkpoint_path
from training.targets.growing import GrowingTarget
from training.targets.target import Target
from training.targets.texture import TextureTarget
from training.trainer import Trainer


def prepare_trainer(order: TrainingOrder, processes: Processes | None = None) -> Trainer:
    """Read the exemplar, choose the loss, and go back to the checkpoint where the order says so.

    With `processes` the trainer is one of theirs.

    Raises:
        LichenError: the picture, the network, the device or the checkpoint cannot be used.
    """
    processes = processes or Processes()
    device = processes.device or find_device(order.device)
    trainer = Trainer(order.plan, _target(order, device), device, processes)
    trainer.model.template = replace(trainer.model.template, name=order.name, credits=order.credits)
    if order.resume:
        load_checkpoint(trainer, checkpoint_path(order.output))
    if order.age_steps:
        trainer.age_pool(order.plan.pool_size // 4, order.age_steps)
    return trainer


def find_device(name: str) -> torch.device:
    """The named device, or the best at hand for "auto". Raises LichenError if it is not there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise LichenError(f"the device {name} cannot be used here; try --device cpu.") from error
    return device


def _target(order: TrainingOrder, device: torch.device) -> Target:
    if order.grow:
        form = load_form(order.image, order.size_cells, order.plan.grid_cells)
        return GrowingTarget(form.to(device))
    exemplar = load_exemplar(order.image, order.size_cells, order.crop).to(device)
    return TextureTarget(choose_loss(order.loss_wish(), exemplar))
