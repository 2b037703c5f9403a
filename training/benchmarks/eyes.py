"""The eye against VGG16 and patches: the same automaton, the same CPU time, three judges.

    python -m training.benchmarks.eyes -o FOLDER --minutes 3

The cost of an iteration is measured first, all judges in turns; the minutes then are so many
iterations. The score is by a network that nothing is trained on. Finished runs are kept.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from torch import Tensor

from exporters.errors import LichenError
from exporters.picture_file import load_picture, save_picture
from training.benchmarks.costs import measure_costs
from training.benchmarks.quality import exemplar_path
from training.benchmarks.recipes import TRANSPORT_PLAN, Recipe
from training.benchmarks.score import TextureScore
from training.budget import Budget
from training.exemplar import load_exemplar
from training.eye.network import load_eye
from training.loop import Training
from training.losses.choose import choose_loss
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.wish import LossWish
from training.targets.texture import to_pictures

EXEMPLARS = ("coral", "koi", "honeycomb")
EXEMPLAR_CELLS = 128
JUDGED_SIDE_CELLS = 96
SETTLING_STEPS = 400
JUDGES = {
    judge.description: judge
    for judge in (
        Recipe(
            "vgg16",
            TRANSPORT_PLAN,
            lambda exemplar: choose_loss(LossWish("ot", network="vgg16"), exemplar),
            plain_step=False,
        ),
        Recipe(
            "eye",
            TRANSPORT_PLAN,
            lambda exemplar: OptimalTransportLoss(exemplar, load_eye()),
            plain_step=False,
        ),
        Recipe("patch", TRANSPORT_PLAN, PatchLoss, plain_step=False),
    )
}


def train(judge: Recipe, exemplar: str, seed: int, iterations: int, picture_path: Path) -> None:
    """Leave a picture of the settled texture, unless it lies there already."""
    if picture_path.is_file():
        return
    picture = load_exemplar(exemplar_path(exemplar), EXEMPLAR_CELLS)
    trainer = judge.new_trainer(picture, replace(judge.plan, random_seed=seed))
    Training(trainer, Budget(iterations=iterations)).run()
    settled = to_pictures(trainer.settle(JUDGED_SIDE_CELLS, SETTLING_STEPS)[None])[0]
    save_picture(to_bytes(settled), picture_path)


def compare(options: argparse.Namespace) -> None:
    """Train what is missing, print a table of scores, write a sheet of pictures."""
    options.output.mkdir(parents=True, exist_ok=True)
    costs_path = options.output / "costs.json"
    if not costs_path.is_file():
        costs = measure_costs(JUDGES, exemplar_path(EXEMPLARS[0]), options.cost_rounds)
        costs_path.write_text(json.dumps(costs, indent=2) + "\n", "utf-8")
    costs = json.loads(costs_path.read_text("utf-8"))
    table = Table("exemplar", title=f"score after {options.minutes:g} CPU minutes; 0 is alike")
    iterations = {name: round(60 * options.minutes / cost) for name, cost in costs.items()}
    for name, count in iterations.items():
        table.add_column(f"{name}\n({count} iterations)", justify="right")
    rows = []
    for exemplar in options.exemplars:
        picture = load_exemplar(exemplar_path(exemplar), EXEMPLAR_CELLS)
        score = TextureScore(picture)
        cells, scores = [picture], []
        for name, count in iterations.items():
            path = options.output / f"{name}_{exemplar}_{options.seed}_{count}.png"
            train(JUDGES[name], exemplar, options.seed, count, path)
            pixels = load_picture(path, JUDGED_SIDE_CELLS).copy()
            settled = torch.from_numpy(pixels).permute(2, 0, 1) / 255
            cells.append(settled)
            scores.append(score(settled[None]))
            print(exemplar, name, f"{scores[-1]:.4f}", file=sys.stderr, flush=True)
        table.add_row(exemplar, *(f"{figure:.3f}" for figure in scores))
        rows.append(np.hstack([to_bytes(cell) for cell in cells]))
    Console().print(table)
    save_picture(np.vstack(rows), options.output / "sheet.png")


def to_bytes(picture: Tensor) -> NDArray[np.uint8]:
    """The upper left 96 cells of a picture [3, h, w], 0..1, as bytes [96, 96, 3]."""
    levels = picture[:, :JUDGED_SIDE_CELLS, :JUDGED_SIDE_CELLS].clamp(0, 1) * 255
    pixels: NDArray[np.uint8] = levels.round().byte().permute(1, 2, 0).numpy()
    return pixels


def main(arguments: list[str]) -> int:
    """Parse the command line and compare; the exit code."""
    parser = argparse.ArgumentParser(prog="training.benchmarks.eyes")
    add = parser.add_argument
    add("-o", "--output", type=Path, required=True, metavar="FOLDER")
    add("--minutes", type=float, default=3.0, help="of CPU time a run (%(default)s)")
    add("--exemplars", nargs="+", default=EXEMPLARS, help="of the gallery (%(default)s)")
    add("--seed", type=int, default=0)
    add("--cost-rounds", type=int, default=4)
    torch.set_num_threads(1)
    try:
        compare(parser.parse_args(arguments))
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
