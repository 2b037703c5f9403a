"""One run of the training benchmark: a recipe, an exemplar, a seed, so many iterations.

    python -m training.benchmarks.race transport exemplar.png --seed 0 --iterations 1100 -o FOLDER

leaves the automaton in the folder and `run.json`, written last: a folder without it holds a run
that was interrupted. All recipes run on our step, whose gradients are the plain step's; what the
plain step would have cost is measured apart, so that baselines need not take all of their time.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

from exporters.automaton_file import save_automaton
from training.benchmarks.recipes import recipes
from training.budget import Budget
from training.exemplar import load_exemplar
from training.loop import Training

RESULT_NAME = "result.safetensors"


def race(recipe_name: str, exemplar_path: Path, seed: int, iterations: int, folder: Path) -> None:
    """Train and leave `result.safetensors` and `run.json` in the folder."""
    recipe = recipes()[recipe_name]
    exemplar = load_exemplar(exemplar_path, recipe.exemplar_cells)
    folder.mkdir(parents=True, exist_ok=True)
    trainer = recipe.new_trainer(exemplar, replace(recipe.plan, random_seed=seed))
    training = Training(trainer, Budget(iterations=iterations))
    training.run()
    save_automaton(trainer.to_automaton(), folder / RESULT_NAME)
    facts = {
        "recipe": recipe_name,
        "exemplar": exemplar_path.stem,
        "seed": seed,
        "iterations": iterations,
        "loss": training.progress.loss,
        "cpu_seconds_here": time.process_time(),
    }
    (folder / "run.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def main() -> None:
    """Parse the command line and race."""
    parser = argparse.ArgumentParser(prog="training.benchmarks.race")
    parser.add_argument("recipe", choices=list(recipes()))
    parser.add_argument("exemplar", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--iterations", type=int, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    race(options.recipe, options.exemplar, options.seed, options.iterations, options.output)


if __name__ == "__main__":
    main()
