"""What an iteration of each recipe costs, measured in turns so that all meet the same weather."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from exporters.atomic import atomic_path
from exporters.errors import LichenError
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


def kept_costs(
    chosen: Iterable[str],
    known_recipes: dict[str, Recipe],
    path: Path,
    measure: Callable[[dict[str, Recipe]], dict[str, float]],
) -> dict[str, float]:
    """What earlier calls measured of the known recipes, and now those chosen that they left out.

    An earlier recipe runs along and tells how much slower or faster the machine is than it was
    then: the ratios hold, whenever they were measured. Runs that are kept go by these figures.

    Raises:
        LichenError: the file is damaged or cannot be written.
    """
    costs = _read(path) if path.is_file() else {}
    missing = [name for name in chosen if name not in costs]
    if missing:
        earlier = [name for name in costs if name in known_recipes][:1]
        measured = measure({name: known_recipes[name] for name in (*missing, *earlier)})
        pace = costs[earlier[0]] / measured[earlier[0]] if earlier else 1.0
        costs |= {name: measured[name] * pace for name in missing}
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(costs, indent=2) + "\n", "utf-8")
    return costs


def _read(path: Path) -> dict[str, float]:
    try:
        costs = json.loads(path.read_text("utf-8"))
        return {str(name): float(cost) for name, cost in costs.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise LichenError(
            f"{path} is damaged; remove it, and the costs are measured anew."
        ) from error


def _median_round(figures: list[float]) -> float:
    rounds = [figures[start : start + len(SHARES)] for start in range(0, len(figures), len(SHARES))]
    return statistics.median(statistics.mean(one_round) for one_round in rounds)
