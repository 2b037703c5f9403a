"""The comparison of noise schedules: what it scores, on trainings of a single iteration."""

import numpy as np
from rich.console import Console

from training.benchmarks.dreamer_schedules import (
    WAYS_DOWN,
    measure,
    score_of_real_patches,
    to_table,
)


def test_an_untrained_model_scores_far_worse_than_real_patches() -> None:
    generator = np.random.default_rng(0)
    blocks = generator.integers(0, 256, (32, 64, 3), dtype=np.uint8)
    pixels = blocks.repeat(8, axis=0).repeat(8, axis=1)
    real = score_of_real_patches(pixels)
    (row,) = measure([("karras", "uniform")], pixels, cpu_seconds=0, seeds=1)
    assert row.iterations == 1
    assert set(row.scores) == set(WAYS_DOWN)
    assert real < 0.2 < min(row.scores.values())
    console = Console(width=200)
    with console.capture() as capture:
        console.print(to_table([row], real))
    table = capture.get()
    assert f"{real:.2f}" in table
    assert "heun, 10 steps" in table and f"{row.scores['heun', 10]:.2f}" in table
