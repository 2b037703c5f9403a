"""`lichen train IMAGE -o FILE`: learn a texture and leave an automaton."""

import argparse
import shlex
import sys
from pathlib import Path

from rich.console import Console

from exporters.atomic import check_writable
from exporters.automaton import Credits
from exporters.display import picture
from exporters.errors import LichenError
from exporters.gallery import SUFFIX, preview_path
from exporters.picture_file import save_picture
from training.budget import Budget
from training.callbacks.keeper import FolderKeeper
from training.callbacks.terminal import TerminalProgress
from training.interruption import interruptible
from training.loop import Training
from training.order import TrainingOrder
from training.plan import TrainingPlan
from training.prepare import prepare_trainer

DEFAULT_ITERATIONS = 1000
PREVIEW_SIDE_CELLS = 128
PREVIEW_STEPS = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen train`."""
    plan = TrainingPlan()
    add = parser.add_argument
    add("image", type=Path, metavar="IMAGE", help="the picture whose texture to learn")
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="the automaton to write")
    add("--loss", choices=("ot", "gram", "patch"), help="what judges (default: the best at hand)")
    add("--weights", type=Path, metavar="FILE", help="VGG16 weights, .pth or .safetensors")
    add("--download", action="store_true", help="allow fetching VGG16, 528 MB, where it is missing")
    add("--channels", type=int, default=plan.channels, help="numbers a cell holds (%(default)s)")
    add("--hidden", type=int, default=plan.hidden, help="hidden units (%(default)s)")
    add(
        "--steps",
        type=_step_range,
        default=(plan.fewest_steps, plan.most_steps),
        metavar="A:B",
        help=f"steps an iteration, drawn from a range ({plan.fewest_steps}:{plan.most_steps})",
    )
    add("--size", type=int, default=128, help="cells along the image's shorter side (%(default)s)")
    add("--grid", type=int, default=plan.grid_cells, help="side of the training grid (%(default)s)")
    add("--batch", type=int, default=plan.batch, help="grids trained at once (%(default)s)")
    add("--pool", type=int, default=plan.pool_size, help="states kept in the pool (%(default)s)")
    every = "ITERATIONS"
    add(
        "--reseed-every",
        type=int,
        default=plan.reseed_every_iterations,
        metavar=every,
        help="how often one state starts over (%(default)s)",
    )
    add("--damage-every", type=int, metavar=every, help="how often one state is wounded (never)")
    add("--age", type=int, default=0, metavar="STEPS", help="first let a quarter of the pool age")
    add("--learning-rate", type=float, default=plan.learning_rate, help="(%(default)s)")
    add("--iterations", type=int, help=f"stop after so many (default {DEFAULT_ITERATIONS})")
    add("--minutes", type=float, help="stop after so long")
    add("--seed", type=int, default=0, help="of all random numbers (%(default)s)")
    add("--device", default="auto", help="auto, cpu, cuda or mps (%(default)s)")
    add("--preview-every", type=float, default=30.0, metavar="SECONDS", help="(%(default)s)")
    add("--name", help="the automaton's name (default: the file's)")
    add("--author", default="", help="kept in the file")
    add("--licence", default="", help="of the automaton, kept in the file")
    add("--exemplar-licence", default="", help="of the picture, kept in the file")
    add("--resume", action="store_true", help="go on from the checkpoint beside the output")
    add("--force", action="store_true", help="replace an existing output")


def run(arguments: argparse.Namespace) -> int:
    """Train; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    console = Console(stderr=True)
    order = _order(arguments)
    _check_output(order.output, order.resume, arguments.force)
    trainer = prepare_trainer(order)
    console.print(f"loss: {trainer.target.description}", highlight=False, soft_wrap=True)
    if order.resume:
        console.print(f"resumed at iteration {trainer.iteration}")
    callbacks = [TerminalProgress(console), FolderKeeper(order.output, arguments.preview_every)]
    with interruptible() as interruption:
        Training(trainer, order.budget, callbacks).run(interruption)
        state = trainer.settle(PREVIEW_SIDE_CELLS, PREVIEW_STEPS).permute(2, 0, 1).numpy()
        save_picture(picture(trainer.to_automaton(), state), preview_path(order.output))
    ending = "stopped early" if interruption.requested else "trained"
    console.print(
        f"{ending} after {trainer.iteration} iterations; wrote {order.output}", soft_wrap=True
    )
    console.print(f"look at it: lichen view {shlex.quote(str(order.output))}", soft_wrap=True)
    return 0


def _order(arguments: argparse.Namespace) -> TrainingOrder:
    iterations, minutes = arguments.iterations, arguments.minutes
    if iterations is None and minutes is None:
        iterations = DEFAULT_ITERATIONS
    return TrainingOrder(
        image=arguments.image,
        output=arguments.output,
        plan=_plan(arguments),
        budget=Budget(iterations, minutes),
        loss=arguments.loss,
        weights=arguments.weights,
        download=arguments.download,
        size_cells=arguments.size,
        age_steps=arguments.age,
        device=arguments.device,
        resume=arguments.resume,
        name=arguments.name or arguments.output.stem,
        credits=_credits(arguments),
    )


def _check_output(output: Path, resume: bool, force: bool) -> None:
    if output.suffix != SUFFIX:
        raise LichenError(f"the output {output} must end in {SUFFIX}.")
    check_writable(output)
    if output.exists() and not (resume or force):
        raise LichenError(f"{output} exists; --resume goes on with it, --force replaces it.")


def _plan(arguments: argparse.Namespace) -> TrainingPlan:
    fewest_steps, most_steps = arguments.steps
    return TrainingPlan(
        channels=arguments.channels,
        hidden=arguments.hidden,
        fewest_steps=fewest_steps,
        most_steps=most_steps,
        grid_cells=arguments.grid,
        batch=arguments.batch,
        pool_size=arguments.pool,
        reseed_every_iterations=arguments.reseed_every,
        damage_every_iterations=arguments.damage_every,
        learning_rate=arguments.learning_rate,
        random_seed=arguments.seed,
    )


def _credits(arguments: argparse.Namespace) -> Credits:
    return Credits(
        author=arguments.author,
        licence=arguments.licence,
        exemplar=arguments.image.name,
        exemplar_licence=arguments.exemplar_licence,
        training_command="lichen " + shlex.join(sys.argv[1:]),
    )


def _step_range(text: str) -> tuple[int, int]:
    low, _, high = text.partition(":")
    return int(low), int(high or low)
