"""Losses as they are plotted."""

import numpy as np

from viewer.loss_curve import FIRST_CAPACITY, LossCurve


def test_a_long_training_is_kept_whole() -> None:
    curve = LossCurve()
    assert len(curve.iterations) == len(curve.losses) == 0
    count = 2 * FIRST_CAPACITY + 1
    for iteration in range(1, count + 1):
        curve.append(iteration, 1 / iteration)
    np.testing.assert_array_equal(curve.iterations, np.arange(1, count + 1))
    np.testing.assert_array_equal(curve.losses, 1 / np.arange(1, count + 1))
    assert curve.losses.flags.c_contiguous


def test_a_training_that_went_back_forgets_what_it_lost() -> None:
    curve = LossCurve()
    for iteration in (1, 2, 3, 4):
        curve.append(iteration, float(iteration))
    curve.append(3, 30.0)
    assert curve.iterations.tolist() == [1, 2, 3]
    assert curve.losses.tolist() == [1, 2, 30]
