"""The options of `lichen train`, and the order that they make."""

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

from exporters.automaton import Credits
from exporters.errors import LichenError
from exporters.gallery import SUFFIX
from training.budget import Budget
from training.callbacks.choose import add_callback_arguments
from training.losses.prompt_wish import PromptWish
from training.losses.wish import LOSS_NAMES
from training.order import WHOLE_PICTURE, Crop, TrainingOrder
from training.plan import GROWING_PLAN, Schedule, TrainingPlan

DEFAULT_ITERATIONS = 1000
TEXTURE_SIZE_CELLS = 128
FORM_SIZE_CELLS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen train`."""
    plan = TrainingPlan()
    add = parser.add_argument
    add(
        "image",
        type=_path,
        nargs="?",
        metavar="IMAGE",
        help="the picture to learn (with --grow or an emoji), or a folder of them; with --prompt "
        "it may be left out",
    )
    add("--grow", action="store_true", help="grow a form: an emoji, or a PNG on transparent ground")
    add(
        "--content",
        type=_path,
        metavar="PICTURES",
        help="make it a filter that shows other pictures: one, or a folder to learn on",
    )
    add(
        "--content-weight",
        type=float,
        default=1.0,
        help="how clearly it shows them (%(default)s)",
    )
    _add_prompt_arguments(parser)
    add("--crop", type=_crop, default=WHOLE_PICTURE, metavar="L,T,R,B", help="learn a part: shares")
    add(
        "-o",
        "--output",
        type=_path,
        metavar="FILE",
        help="the automaton to write, or the folder for them",
    )
    losses = f"{', '.join(LOSS_NAMES)}, or a sum as ot+0.5*patch"
    add("--loss", help=f"what judges: {losses} (default: the best at hand)")
    add("--network", metavar="NAME", help="the network that looks: vgg16, eye, resnet50...")
    add("--layers", help="its layers that judge, with weights, as relu1_1,relu2_1=0.5")
    add("--weights", type=Path, metavar="FILE", help="the network's, .pth or .safetensors")
    add(
        "--bfloat16", action="store_true", help="the network looks in bfloat16, which can be faster"
    )
    add("--download", action="store_true", help="allow fetching what a network or --clip lacks")
    add("--channels", type=int, help=f"numbers a cell holds ({_both('channels')})")
    add("--hidden", type=int, default=plan.hidden, help="hidden units (%(default)s)")
    add(
        "--steps",
        type=_step_range,
        default=(None, None),
        metavar="A:B",
        help="steps an iteration, drawn from a range "
        f"({plan.fewest_steps}:{plan.most_steps}; with --grow "
        f"{GROWING_PLAN.fewest_steps}:{GROWING_PLAN.most_steps})",
    )
    add(
        "--size",
        type=int,
        help=f"cells along the shorter side of a texture ({TEXTURE_SIZE_CELLS}), "
        f"the longer side of a form ({FORM_SIZE_CELLS})",
    )
    add("--grid", type=int, default=plan.grid_cells, help="side of the training grid (%(default)s)")
    add("--batch", type=int, default=plan.batch, help="grids trained at once (%(default)s)")
    add("--pool", type=int, help=f"states kept in the pool ({_both('pool_size')})")
    every = "ITERATIONS"
    add(
        "--reseed-every",
        type=int,
        metavar=every,
        help=f"how often one state starts over ({_both('reseed_every_iterations')}, "
        "rising from every time)",
    )
    add(
        "--damage-every",
        type=int,
        metavar=every,
        help=f"how often states are wounded ({_both('damage_every_iterations')})",
    )
    add("--damaged", type=int, default=plan.damaged_states, help="how many at once (%(default)s)")
    add("--robust", action="store_true", help="wound more: discs, swipes and cuts at once")
    add("--age", type=int, default=0, metavar="STEPS", help="first let a quarter of the pool age")
    add("--learning-rate", type=float, help=f"({_both('learning_rate')})")
    add(
        "--schedule",
        choices=get_args(Schedule),
        help=f"how the learning rate falls ({_both('schedule')})",
    )
    add(
        "--average-from",
        type=float,
        default=plan.average_from,
        metavar="SHARE",
        help="part of the training after which weights are averaged (%(default)s)",
    )
    add(
        "--steps-rise",
        type=float,
        metavar="SHARE",
        help="the share of the training in which the steps rise from a third to the whole "
        f"({_both('steps_rise_share')})",
    )
    add(
        "--find-learning-rate",
        action="store_true",
        help="try rising rates, say which suits, and train nothing",
    )
    add("--iterations", type=int, help=f"stop after so many (default {DEFAULT_ITERATIONS})")
    add("--minutes", type=float, help="stop after so long")
    add("--seed", type=int, default=0, help="of all random numbers (%(default)s)")
    add("--device", default="auto", help="auto, cpu, cuda or mps (%(default)s)")
    add("--compile", action="store_true", help="compile the step, which suits graphics cards")
    add("--preview-every", type=float, default=30.0, metavar="SECONDS", help="(%(default)s)")
    add("--name", help="the automaton's name (default: the file's)")
    add("--author", default="", help="kept in the file")
    add("--licence", default="", help="of the automaton, kept in the file")
    add("--exemplar-licence", default="", help="of the picture, kept in the file")
    add("--no-check", action="store_true", help="end without the check that it holds")
    add(
        "--resume",
        action="store_true",
        help="go on from the checkpoint beside the output; name and credits stay unless given",
    )
    add(
        "--from",
        dest="start_from",
        type=Path,
        metavar="AUTOMATON",
        help="begin with the weights of one that has learnt before: a name or a file",
    )
    add("--force", action="store_true", help="replace an existing output")
    add_callback_arguments(parser)


def _add_prompt_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is asked for in words, and who reads them."""
    add = parser.add_argument
    add(
        "--prompt",
        action="append",
        default=[],
        metavar="TEXT",
        help="what it is to look like, with a weight as 'coral=0.5'; may come several times",
    )
    add(
        "--negative-prompt",
        action="append",
        default=[],
        metavar="TEXT",
        help="what it is not to look like, likewise",
    )
    add("--clip", metavar="MODEL", help="the CLIP model that reads prompts: a folder or owner/name")
    add(
        "--cutouts",
        type=int,
        default=PromptWish().cutouts,
        help="pieces of each grid that it looks at (%(default)s)",
    )


def to_order(arguments: argparse.Namespace) -> TrainingOrder:
    """What the options ask for. Raises LichenError for numbers that no training could use."""
    iterations, minutes = arguments.iterations, arguments.minutes
    if iterations is None and minutes is None:
        iterations = DEFAULT_ITERATIONS
    output = _output(arguments)
    usual_size_cells = FORM_SIZE_CELLS if arguments.grow else TEXTURE_SIZE_CELLS
    return TrainingOrder(
        image=arguments.image,
        output=output,
        grow=arguments.grow,
        plan=_plan(arguments),
        budget=Budget(iterations, minutes),
        loss=arguments.loss,
        network=arguments.network,
        bfloat16=arguments.bfloat16,
        compile_step=arguments.compile,
        layers=arguments.layers,
        weights=arguments.weights,
        download=arguments.download,
        prompt=PromptWish(
            tuple(arguments.prompt),
            tuple(arguments.negative_prompt),
            arguments.clip,
            arguments.cutouts,
        ),
        crop=arguments.crop,
        content=arguments.content,
        content_weight=arguments.content_weight,
        size_cells=usual_size_cells if arguments.size is None else arguments.size,
        age_steps=arguments.age,
        device=arguments.device,
        resume=arguments.resume,
        start_from=arguments.start_from,
        check=not arguments.no_check,
        name=arguments.name or ("" if arguments.resume else output.stem),
        credits=_credits(arguments),
    )


def _output(arguments: argparse.Namespace) -> Path:
    """What is to be written; the search for a learning rate writes nothing."""
    if arguments.output is None and not arguments.find_learning_rate:
        raise LichenError("name the automaton to write with -o FILE.")
    return arguments.output or Path(f"untitled{SUFFIX}")


def _plan(arguments: argparse.Namespace) -> TrainingPlan:
    fewest_steps, most_steps = arguments.steps
    chosen = {
        "channels": arguments.channels,
        "hidden": arguments.hidden,
        "fewest_steps": fewest_steps,
        "most_steps": most_steps,
        "grid_cells": arguments.grid,
        "batch": arguments.batch,
        "pool_size": arguments.pool,
        "reseed_every_iterations": arguments.reseed_every,
        "damage_every_iterations": arguments.damage_every,
        "damaged_states": arguments.damaged,
        "robust": arguments.robust,
        "steps_rise_share": arguments.steps_rise,
        "learning_rate": arguments.learning_rate,
        "schedule": arguments.schedule,
        "average_from": arguments.average_from,
        "random_seed": arguments.seed,
    }
    usual = GROWING_PLAN if arguments.grow else TrainingPlan()
    return replace(usual, **{name: value for name, value in chosen.items() if value is not None})


def _both(field: str) -> str:
    """A field's default for textures and for forms, for the help."""
    return f"{getattr(TrainingPlan(), field)}; with --grow {getattr(GROWING_PLAN, field)}"


def _credits(arguments: argparse.Namespace) -> Credits:
    return Credits(
        author=arguments.author,
        licence=arguments.licence,
        exemplar=arguments.image.name if arguments.image else "",
        exemplar_licence=arguments.exemplar_licence,
        training_command="lichen " + shlex.join(sys.argv[1:]),
    )


def _path(text: str) -> Path:
    # Of an empty text `Path` makes the current folder.
    if not text:
        raise argparse.ArgumentTypeError("an empty name is no file; name one")
    return Path(text)


def _step_range(text: str) -> tuple[int, int]:
    low, _, high = text.partition(":")
    try:
        return int(low), int(high or low)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no range of steps; write A:B, such as 24:48"
        ) from None


def _crop(text: str) -> Crop:
    try:
        left, top, right, bottom = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no crop; write left,top,right,bottom as shares, such as 0,0,0.5,1"
        ) from None
    return left, top, right, bottom
