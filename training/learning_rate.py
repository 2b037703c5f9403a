"""Try rising learning rates on a fresh training, to see which suits it.

Smith, "Cyclical Learning Rates for Training Neural Networks" (WACV 2017), as fast.ai teaches it.
"""

import numpy as np
from numpy.typing import NDArray

from training.trainer import LossNotFinite, Trainer

Rates = NDArray[np.float64]

LOWEST_RATE, HIGHEST_RATE = 1e-4, 1e-1
LOSS_MEMORY = 0.9
# A loss so many times its lowest has left what can be learnt from.
DIVERGED = 4.0
# The rate of the lowest loss is already at the edge.
SAFETY = 10.0


def try_learning_rates(trainer: Trainer, iterations: int) -> tuple[Rates, Rates]:
    """Learning rates and smoothed losses, each [n], up to where the loss runs away.

    The trainer's weights are spoilt by it.

    Raises:
        LossNotFinite: the loss is no number even at the lowest rate.
    """
    rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, iterations)
    smoothed: list[float] = []
    mean = 0.0
    for index, rate in enumerate(rates):
        trainer.learning_rate_scale = float(rate) / trainer.plan.learning_rate
        try:
            loss = trainer.iterate(0)
        except LossNotFinite:
            if not smoothed:
                raise
            break
        mean = LOSS_MEMORY * mean + (1 - LOSS_MEMORY) * loss
        smoothed.append(mean / (1 - LOSS_MEMORY ** (index + 1)))
        if smoothed[-1] > DIVERGED * min(smoothed):
            break
    return rates[: len(smoothed)], np.array(smoothed)


def suggest_learning_rate(rates: Rates, losses: Rates) -> float:
    """A tenth of the rate at which the smoothed loss was lowest."""
    return float(rates[losses.argmin()]) / SAFETY
