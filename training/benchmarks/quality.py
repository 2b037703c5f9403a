"""Time to quality: how good a texture each recipe makes of a budget of CPU time.

    lichen bench --training -o FOLDER

Every run is kept in the folder, so that an interrupted benchmark goes on where it stopped. The
cost of an iteration is measured first, all recipes in turns; a budget then is so many iterations.
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.gallery import GALLERY_FOLDER
from exporters.picture_file import save_picture
from training.automaton_step import TrainableAutomaton
from training.benchmarks.costs import kept_costs, measure_costs
from training.benchmarks.race import RESULT_NAME, race
from training.benchmarks.recipes import Recipe, recipes
from training.benchmarks.score import TextureScore
from training.exemplar import load_exemplar
from training.pool import Pool
from training.targets.texture import to_pictures

EXEMPLARS = ("coral", "koi", "honeycomb", "stained_glass", "knit", "pebbles", "lichen", "agate")
RECIPES = ("lesson", "transport", "lichen")
# Which recipe gets how many CPU minutes.
ENTRIES = (
    ("lesson", 20),
    ("transport", 6),
    ("transport", 20),
    ("lichen", 6),
    ("lichen_bfloat16", 6),
)
SETTLING_STEPS = 1200
JUDGED_SIDE_CELLS = 96
JUDGED_SEEDS = 2
EXEMPLAR_CELLS = 128


@dataclass(frozen=True)
class Entry:
    """One run of the benchmark; `minutes` of CPU time are `iterations` of its recipe."""

    recipe: str
    minutes: float
    exemplar: str
    seed: int
    iterations: int

    def folder(self, root: Path) -> Path:
        """Where the run is kept."""
        name = f"{self.minutes:g}_minutes_{self.iterations}_iterations"
        return root / self.recipe / self.exemplar / f"seed_{self.seed}" / name


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and compare."""
    parser = argparse.ArgumentParser(prog="lichen bench --training")
    add = parser.add_argument
    add("-o", "--output", type=Path, required=True, metavar="FOLDER", help="keeps all runs")
    add("--exemplars", nargs="+", default=EXEMPLARS, help="of the gallery (%(default)s)")
    recipe_help = f"({' '.join(RECIPES)})"
    add("--recipes", nargs="+", choices=list(recipes()), default=RECIPES, help=recipe_help)
    add("--seeds", type=_positive, default=2, help="runs of each (%(default)s)")
    add("--scale", type=float, default=1.0, help="multiplies all budgets, for a quick look")
    add("--cost-rounds", type=_positive, default=6, help="(%(default)s)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        compare(options)
    except LichenError as error:
        parser.error(f"{error}")


def compare(options: argparse.Namespace) -> None:
    """Run what is missing, and report. Raises LichenError where something is not at hand."""
    for exemplar in options.exemplars:
        exemplar_path(exemplar)
    console = Console(stderr=True)
    _make_folder(options.output)
    chosen = list(dict.fromkeys(options.recipes))
    costs = kept_costs(
        chosen, recipes(), options.output / "costs.json", partial(_measure, options, console)
    )
    entries = [
        Entry(recipe, minutes * options.scale, exemplar, seed, iterations)
        for seed in range(options.seeds)
        for exemplar in options.exemplars
        for recipe, minutes in ENTRIES
        if recipe in chosen
        and (iterations := max(1, round(60 * minutes * options.scale / costs[recipe])))
    ]
    for entry in track(entries, "training", console=console):
        folder = entry.folder(options.output)
        if not (folder / "run.json").is_file():
            race(entry.recipe, exemplar_path(entry.exemplar), entry.seed, entry.iterations, folder)
    scores = {
        entry: judge(entry.folder(options.output), entry.exemplar)
        for entry in track(entries, "judging", console=console)
    }
    Console().print(to_table(scores, costs))
    save_picture(contact_sheet(entries, options.output), options.output / "sheet.png")


def exemplar_path(name: str) -> Path:
    """Where an exemplar of the gallery lies. Raises LichenError if there is none of that name."""
    path = GALLERY_FOLDER / "exemplars" / f"{name}.png"
    if not path.is_file():
        raise LichenError(f"the gallery has no exemplar {name}.")
    return path


def settled_pictures(folder: Path) -> torch.Tensor:
    """Grids of a finished run after `SETTLING_STEPS`, [grids, 3, side, side] in 0..1."""
    model = TrainableAutomaton(load_automaton(folder / RESULT_NAME))
    states = Pool(model.template, JUDGED_SEEDS, JUDGED_SIDE_CELLS).states
    generator = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        for _ in range(SETTLING_STEPS):
            states = model(states, model.draw_mask(states, generator))
    return to_pictures(states).clamp(0, 1)


def judge(folder: Path, exemplar: str) -> float:
    """The score of a finished run, kept beside it: 0 is the exemplar, 1 its flat mean colour."""
    path = folder / "score.json"
    if not path.is_file():
        score = TextureScore(load_exemplar(exemplar_path(exemplar), EXEMPLAR_CELLS))
        path.write_text(json.dumps({"score": score(settled_pictures(folder))}) + "\n", "utf-8")
    return float(json.loads(path.read_text("utf-8"))["score"])


def to_table(scores: dict[Entry, float], costs: dict[str, float]) -> Table:
    """A row an exemplar, a column for each recipe and budget; the median of each below."""
    table = Table("exemplar", title="score: 0 is the exemplar, 1 its flat mean colour")
    columns = list(dict.fromkeys((entry.recipe, entry.minutes) for entry in scores))
    for recipe, minutes in columns:
        cost = f"{costs[recipe]:.2f} CPU s an iteration"
        table.add_column(f"{recipe}, {minutes:g} CPU min\n({cost})", justify="right")
    for exemplar in dict.fromkeys(entry.exemplar for entry in scores):
        table.add_row(exemplar, *(_mean_score(scores, column, exemplar) for column in columns))
    medians = [
        statistics.median(
            score for entry, score in scores.items() if (entry.recipe, entry.minutes) == column
        )
        for column in columns
    ]
    table.add_section()
    table.add_row("median", *(f"{median:.3f}" for median in medians))
    return table


def contact_sheet(entries: Sequence[Entry], root: Path) -> NDArray[np.uint8]:
    """A row an exemplar: the exemplar, then what each recipe made of it with the first seed."""
    rows = []
    for exemplar in dict.fromkeys(entry.exemplar for entry in entries):
        cells = [Image.open(exemplar_path(exemplar)).convert("RGB")]
        for entry in entries:
            if entry.exemplar == exemplar and entry.seed == 0:
                picture = settled_pictures(entry.folder(root))[0].permute(1, 2, 0)
                cells.append(Image.fromarray((picture * 255).round().byte().numpy()))
        side = (2 * JUDGED_SIDE_CELLS, 2 * JUDGED_SIDE_CELLS)
        rows.append(np.hstack([np.asarray(cell.resize(side)) for cell in cells]))
    return np.vstack(rows)


def _measure(
    options: argparse.Namespace, console: Console, missing: dict[str, Recipe]
) -> dict[str, float]:
    return measure_costs(
        missing,
        exemplar_path(EXEMPLARS[0]),
        options.cost_rounds,
        lambda shares: track(list(shares), "measuring costs", console=console),
    )


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LichenError(f"cannot make the folder {path}: {error.strerror or error}.") from error


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"a whole number of at least 1, not {text}")
    return int(text)


def _mean_score(scores: dict[Entry, float], column: tuple[str, float], exemplar: str) -> str:
    figures = [
        score
        for entry, score in scores.items()
        if (entry.recipe, entry.minutes) == column and entry.exemplar == exemplar
    ]
    spread = f" ± {statistics.stdev(figures):.3f}" if len(figures) > 1 else ""
    return f"{statistics.mean(figures):.3f}{spread}"


if __name__ == "__main__":
    main()
