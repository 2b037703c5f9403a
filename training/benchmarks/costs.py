"""What an iteration of each recipe costs, measured in turns so that all meet the same weather."""

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from training.benchmarks.recipes import Recipe
from training.exemplar import load_exemplar

# A schedule may change the cost of an iteration: these shares of a training are sampled.
SHARES = (0.05, 0.25, 0.45, 0.65, 0.85)


def measure_costs(
    recipes: dict[str, Recipe],
    exemplar_path: Path,
    rounds: int,
    track: Callable[[Iterable[float]], Iterable[float]] = iter,
) -> dict[str, float]:
    """CPU seconds an iteration of each recipe as written, by name: the median round's mean.

    A round takes one iteration of every recipe at each of `SHARES`, one recipe after the other.
    """
    trainers = {
        name: recipe.new_trainer_as_written(load_exemplar(exemplar_path, recipe.exemplar_cells))
        for name, recipe in recipes.items()
    }
    for trainer in trainers.values():
        trainer.iterate(0)
    seconds: dict[str, list[float]] = {name: [] for name in trainers}
    for share in track([share for _ in range(rounds) for share in SHARES]):
        for name, trainer in trainers.items():
            started_seconds = time.process_time()
            trainer.iterate(share)
            seconds[name].append(time.process_time() - started_seconds)
    return {name: _median_round(figures) for name, figures in seconds.items()}


def _median_round(figures: list[float]) -> float:
    rounds = [figures[start : start + len(SHARES)] for start in range(0, len(figures), len(SHARES))]
    return statistics.median(statistics.mean(one_round) for one_round in rounds)
