"""The search for a learning rate: it sees the valley, and stops where the loss runs away."""

import numpy as np
import pytest

from training.learning_rate import SAFETY, suggest_learning_rate, try_learning_rates
from training.trainer import LossNotFinite


class Bowl:
    """Stands for a trainer: a parabola descended by gradient steps, unstable above a rate."""

    class plan:
        learning_rate = 1.0

    def __init__(self, curvature: float) -> None:
        self.learning_rate_scale = 1.0
        self._curvature = curvature
        self._place = 1.0

    def iterate(self, completed: float) -> float:
        loss = self._curvature * self._place**2 / 2
        if not np.isfinite(loss):
            raise LossNotFinite("away")
        # The kick stands for the noise of a batch: the place never is the bottom exactly.
        self._place += 0.01 - self.learning_rate_scale * self._curvature * self._place
        return loss + 1e-3


def test_the_search_ends_where_the_loss_runs_away() -> None:
    rates, losses = try_learning_rates(Bowl(curvature=100.0), 200)
    assert len(rates) == len(losses) < 200
    # Steps on a parabola of this curvature are unstable above 2 / 100.
    assert 0.02 < rates[-1] < 0.1


def test_a_loss_that_never_is_a_number_is_told() -> None:
    with pytest.raises(LossNotFinite):
        try_learning_rates(Bowl(curvature=float("nan")), 10)


def test_the_suggestion_lies_a_decade_below_the_lowest_loss() -> None:
    rates, losses = np.array([0.01, 0.1, 1.0]), np.array([3.0, 1.0, 2.0])
    assert suggest_learning_rate(rates, losses) == pytest.approx(0.1 / SAFETY)
