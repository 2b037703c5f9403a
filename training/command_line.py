"""An order as the `lichen train` that does the same."""

import shlex
from pathlib import Path

from training.losses.prompt_wish import PromptWish
from training.order import WHOLE_PICTURE, TrainingOrder


def command_line(order: TrainingOrder) -> str:
    """The shell command, with files by their names alone; every size and rate is spelled out."""
    plan, budget = order.plan, order.budget
    options = {
        "--output": order.output.name,
        "--loss": order.loss,
        "--network": order.network,
        "--layers": order.layers,
        "--crop": ",".join(map(str, order.crop)) if order.crop != WHOLE_PICTURE else None,
        "--content": order.content and order.content.name,
        "--content-weight": order.content_weight if order.content else None,
        "--weights": order.weights and order.weights.name,
        "--channels": plan.channels,
        "--hidden": plan.hidden,
        "--steps": f"{plan.fewest_steps}:{plan.most_steps}",
        "--size": order.size_cells,
        "--grid": plan.grid_cells,
        "--batch": plan.batch,
        "--pool": plan.pool_size,
        "--reseed-every": plan.reseed_every_iterations,
        "--damage-every": plan.damage_every_iterations,
        "--damaged": plan.damaged_states,
        "--from": order.start_from and order.start_from.name,
        "--age": order.age_steps or None,
        "--learning-rate": plan.learning_rate,
        "--schedule": plan.schedule,
        "--average-from": plan.average_from,
        "--steps-rise": plan.steps_rise_share,
        "--iterations": budget.iterations,
        "--minutes": budget.minutes,
        "--seed": plan.random_seed,
    }
    switches = {
        "--grow": order.grow,
        "--robust": plan.robust,
        "--bfloat16": order.bfloat16,
        "--compile": order.compile_step,
        "--no-check": not order.check,
    }
    words = ["lichen", "train", *([order.image.name] if order.image else [])]
    words += [name for name, is_on in switches.items() if is_on]
    for name, value in options.items():
        words += [] if value is None else [name, str(value)]
    words += _prompt_words(order.prompt)
    return shlex.join(words)


def _prompt_words(prompt: PromptWish) -> list[str]:
    words = [word for text in prompt.texts for word in ("--prompt", text)]
    words += [word for text in prompt.negative_texts for word in ("--negative-prompt", text)]
    if prompt.model is not None:
        folder = Path(prompt.model)
        words += ["--clip", folder.name if folder.is_absolute() else prompt.model]
    if prompt.texts:
        words += ["--cutouts", str(prompt.cutouts)]
    return words
