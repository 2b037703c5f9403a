"""What a dream starts from."""

import moderngl
import numpy as np

from viewer.dream_pictures import start_picture


def test_a_form_fills_the_picture_that_a_dream_starts_from(context: moderngl.Context) -> None:
    start = start_picture("lizard", (128, 128), lambda: context)
    rows, columns = np.nonzero(start.min(2) < 200)
    assert start.shape == (128, 128, 3)
    assert np.ptp(rows) > 50 and np.ptp(columns) > 40
    assert start[0].min() > 240, "whole, on white"
