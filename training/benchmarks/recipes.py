"""The recipes that the training benchmark compares, each written out whole."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from exporters.errors import LichenError
from training.benchmarks.plain_losses import PlainGramLoss, PlainTransportLoss
from training.benchmarks.plain_step import PlainTrainer
from training.losses.choose import choose_loss
from training.losses.style import StyleLoss
from training.losses.wish import LossWish
from training.networks.vgg16 import Vgg16, find_vgg16, load_vgg16
from training.plan import TrainingPlan
from training.targets.texture import TextureTarget
from training.trainer import Trainer

LESSON_PLAN = TrainingPlan(
    channels=4,
    hidden=8,
    fewest_steps=32,
    most_steps=96,
    grid_cells=256,
    reseed_every_iterations=8,
    damage_every_iterations=None,
    steps_rise_share=0.0,
    pool_size=256,
    learning_rate=1e-3,
    schedule="drops",
)
TRANSPORT_PLAN = TrainingPlan(
    channels=12,
    hidden=96,
    fewest_steps=24,
    most_steps=48,
    grid_cells=64,
    reseed_every_iterations=8,
    damage_every_iterations=None,
    steps_rise_share=0.0,
    pool_size=256,
    learning_rate=2e-3,
    schedule="drops",
)


@dataclass(frozen=True)
class Recipe:
    """How a training is set up; `exemplar_cells` is the exemplar's shorter side."""

    description: str
    plan: TrainingPlan
    style: Callable[[Tensor], StyleLoss]
    exemplar_cells: int = 128
    plain_step: bool = True

    def new_trainer(self, exemplar: Tensor, plan: TrainingPlan) -> Trainer:
        """A trainer for exemplar [3, h, w] on our step; `plan` is this recipe's, reseeded."""
        return Trainer(plan, TextureTarget(self.style(exemplar)), torch.device("cpu"))

    def new_trainer_as_written(self, exemplar: Tensor) -> Trainer:
        """The same on the step that the recipe is written for, to measure what it costs."""
        trainer = PlainTrainer if self.plain_step else Trainer
        return trainer(self.plan, TextureTarget(self.style(exemplar)), torch.device("cpu"))


def recipes() -> dict[str, Recipe]:
    """All recipes by name: two baselines, then ours, then ours with less precision."""
    return {
        "lesson": Recipe(
            "fast.ai lesson 20: 4/8 on 256², Gram matrices, the plain step",
            LESSON_PLAN,
            lambda exemplar: PlainGramLoss(exemplar, vgg16()),
            exemplar_cells=256,
        ),
        "transport": Recipe(
            "12/96 on 64², sliced optimal transport on VGG16, the plain step",
            TRANSPORT_PLAN,
            lambda exemplar: PlainTransportLoss(exemplar, vgg16()),
        ),
        "lichen": Recipe(
            "what `lichen train` does",
            TrainingPlan(),
            lambda exemplar: choose_loss(LossWish("ot"), exemplar),
            plain_step=False,
        ),
        "lichen_bfloat16": Recipe(
            "the same, VGG16 in bfloat16",
            TrainingPlan(),
            lambda exemplar: choose_loss(LossWish("ot", bfloat16=True), exemplar),
            plain_step=False,
        ),
    }


def vgg16() -> Vgg16:
    """The network of the baselines. Raises LichenError if its weights are not on the machine."""
    source = find_vgg16()
    if source is None:
        raise LichenError(
            "the training benchmark needs VGG16 weights; install the development extra."
        )
    return load_vgg16(source)
