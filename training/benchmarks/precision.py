"""What bfloat16 in the network that judges saves, and what it does to the gradient.

    python -m training.benchmarks.precision

A gallery automaton is rolled out and judged against its exemplar, in float32 and with the network
in bfloat16, in turns on one thread. The gradients are those of the automaton's weights.
"""

import argparse
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor

from exporters.gallery import find_entry
from training.automaton_step import TrainableAutomaton
from training.benchmarks.gradient import cosine
from training.exemplar import load_exemplar
from training.losses.choose import choose_loss
from training.losses.wish import LossWish
from training.targets.texture import to_pictures

AUTOMATON = "koi"
EXEMPLAR_CELLS = 128
SHAPE = (4, 64, 64)
# Enough for a picture that has structure to be judged.
STEPS = 36


@dataclass(frozen=True)
class Figures:
    """Medians of CPU milliseconds, forwards and backwards, and the smallest cosine."""

    rollout_milliseconds: float
    loss_milliseconds: float
    low_loss_milliseconds: float
    gradient_cosine: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="training.benchmarks.precision")
    parser.add_argument("--turns", type=int, default=11, help="of each (%(default)s)")
    turns = parser.parse_args().turns
    torch.set_num_threads(1)
    figures = measure(track(range(turns), "measuring", console=Console(stderr=True)))
    ratio = figures.loss_milliseconds / figures.low_loss_milliseconds
    saved = figures.loss_milliseconds - figures.low_loss_milliseconds
    whole = figures.rollout_milliseconds + figures.loss_milliseconds
    print(
        f"loss {figures.loss_milliseconds:.0f} CPU ms in float32, "
        f"{figures.low_loss_milliseconds:.0f} in bfloat16: {ratio:.2f} times as fast; "
        f"an iteration {whole / (whole - saved):.2f} times; "
        f"gradient cosine at least {figures.gradient_cosine:.5f}"
    )


def measure(turns: Iterable[int]) -> Figures:
    """Let both take turns. Raises LichenError where there are no VGG16 weights."""
    entry = find_entry(AUTOMATON)
    exemplar = load_exemplar(entry.exemplar_path, EXEMPLAR_CELLS)
    model = TrainableAutomaton(entry.automaton)
    losses = [choose_loss(LossWish("ot", bfloat16=low), exemplar) for low in (False, True)]
    seconds: tuple[list[float], ...] = ([], [], [])
    gradients: list[list[Tensor]] = []
    for _ in turns:
        began = time.process_time()
        states = model.rollout(
            torch.zeros(*SHAPE, entry.automaton.channels), STEPS, torch.Generator().manual_seed(0)
        )
        rollout_seconds = time.process_time() - began
        gradients = []
        for place, loss in enumerate(losses):
            pictures = to_pictures(states)
            began = time.process_time()
            cost = loss(pictures, torch.Generator().manual_seed(1))
            (slope,) = torch.autograd.grad(cost, pictures)
            seconds[place].append(time.process_time() - began)
            began = time.process_time()
            weights = [model.hidden_weight, model.hidden_bias, model.update_weight]
            gradients.append(
                list(torch.autograd.grad(to_pictures(states), weights, slope, retain_graph=True))
            )
            backward_seconds = time.process_time() - began
        seconds[2].append(rollout_seconds + backward_seconds)
    full, low, rollout = (1000 * statistics.median(figures) for figures in seconds)
    return Figures(rollout, full, low, min(map(cosine, *gradients)))


if __name__ == "__main__":
    main()
