"""Which noise schedule, which times and how many steps make the best dreamer of equal CPU time.

    python -m training.benchmarks.dreamer_schedules

Small models learn patches from the left three quarters of a picture of stained tissue, which looks
alike everywhere. What they imagine is scored against the right quarter, which they never saw, by
the network of `training.benchmarks.score`. One thread; every figure is the mean over seeds.
"""

import argparse
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import product
from typing import get_args

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table
from torch import Tensor

from exporters.picture_file import load_picture
from training.benchmarks.score import TextureScore
from training.dream.own.accelerator import open_accelerator
from training.dream.own.pictures import Pixels, cut_patch
from training.dream.own.plan import DreamerPlan, NoiseSchedule, TimeSampling
from training.dream.own.samples import imagine_patches
from training.dream.own.trainer import DreamerTrainer
from training.dream.own_options import Sampler

TINY = DreamerPlan(widths=(32, 48), batch=8, learning_rate=2e-3)
PICTURE = "ihc.png"
TRAINED_SHARE = 0.75
JUDGED_PATCHES = 16
# Heun's method looks at the picture twice a step.
WAYS_DOWN: tuple[tuple[Sampler, int], ...] = (
    ("ddim", 10),
    ("ddim", 20),
    ("ddim", 50),
    ("heun", 10),
)

Kind = tuple[NoiseSchedule, TimeSampling]
KINDS: list[Kind] = list(product(get_args(NoiseSchedule), get_args(TimeSampling)))
Scores = dict[tuple[Sampler, int], float]


@dataclass(frozen=True)
class Row:
    """One way of training: how many iterations the time allowed, and scores by way down."""

    schedule: NoiseSchedule
    times: TimeSampling
    iterations: int
    scores: Scores


class OnePicture:
    """Patches of pixels [h, w, 3]."""

    def __init__(self, pixels: Pixels, plan: DreamerPlan) -> None:
        self.description = "1 picture"
        self._pixels = pixels
        self._plan = plan

    def draw_patch(self, generator: np.random.Generator) -> Pixels:
        """Any place of it."""
        return cut_patch(self._pixels, self._plan, generator)


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="training.benchmarks.dreamer_schedules")
    add = parser.add_argument
    add("--seconds", type=float, default=20.0, help="of CPU time a training (%(default)s)")
    add("--seeds", type=int, default=1, help="trainings of each kind (%(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    pixels = load_picture(str(files("skimage") / "data" / PICTURE))
    kinds = track(KINDS, "training", console=Console(stderr=True))
    rows = list(measure(kinds, pixels, options.seconds, options.seeds))
    Console().print(to_table(rows, score_of_real_patches(pixels)))


def measure(kinds: Iterable[Kind], pixels: Pixels, cpu_seconds: float, seeds: int) -> Iterator[Row]:
    """Train and score kinds on pixels [h, w, 3], each for so many seconds of CPU time."""
    trained, held_out = _split(pixels)
    score = TextureScore(held_out)
    for schedule, times in kinds:
        plan = replace(TINY, schedule=schedule, times=times)
        runs = [
            _run(replace(plan, random_seed=seed), trained, cpu_seconds, score)
            for seed in range(seeds)
        ]
        iterations = round(statistics.mean(iterations for iterations, _ in runs))
        means = {way: statistics.mean(scores[way] for _, scores in runs) for way in WAYS_DOWN}
        yield Row(schedule, times, iterations, means)


def score_of_real_patches(pixels: Pixels) -> float:
    """What patches of the trained part themselves score: no model can be expected to do better."""
    trained, held_out = _split(pixels)
    generator = np.random.default_rng(0)
    patches = np.stack([cut_patch(trained, TINY, generator) for _ in range(JUDGED_PATCHES)])
    return TextureScore(held_out)(torch.from_numpy(patches).permute(0, 3, 1, 2) / 255)


def to_table(rows: list[Row], real: float) -> Table:
    """A row a kind, a column a way down."""
    title = (
        f"0 is the unseen quarter, 1 its flat mean colour; the seen part's own patches {real:.2f}"
    )
    table = Table("schedule", "times", "iterations", title=title)
    for sampler, steps in WAYS_DOWN:
        table.add_column(f"{sampler}, {steps} steps", justify="right")
    for row in rows:
        scores = (f"{row.scores[way]:.2f}" for way in WAYS_DOWN)
        table.add_row(row.schedule, row.times, str(row.iterations), *scores)
    return table


def _run(
    plan: DreamerPlan, trained: Pixels, cpu_seconds: float, score: TextureScore
) -> tuple[int, Scores]:
    """How many iterations a training came to, and its scores."""
    trainer = DreamerTrainer(plan, OnePicture(trained, plan), open_accelerator("cpu", "auto"))
    began = time.process_time()
    while not trainer.iteration or time.process_time() - began < cpu_seconds:
        trainer.iterate()
    scores = {}
    for sampler, steps in WAYS_DOWN:
        patches = imagine_patches(trainer.denoiser, plan, JUDGED_PATCHES, steps, sampler)
        scores[sampler, steps] = score((patches + 1) / 2)
    return trainer.iteration, scores


def _split(pixels: Pixels) -> tuple[Pixels, Tensor]:
    """The part to train on, [h, w, 3], and the rest as [3, h, w] in 0..1."""
    edge = round(TRAINED_SHARE * pixels.shape[1])
    rest = torch.from_numpy(np.array(pixels[:, edge:])).permute(2, 0, 1).float() / 255
    return pixels[:, :edge], rest


if __name__ == "__main__":
    main()
