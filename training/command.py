"""`lichen train IMAGE -o FILE`: learn a texture and leave an automaton."""

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console

from exporters.atomic import check_writable
from exporters.automaton import Credits
from exporters.display import picture
from exporters.errors import LichenError
from exporters.gallery import SUFFIX, preview_path
from exporters.picture_file import save_picture
from training.checkpoint import checkpoint_path, load_checkpoint
from training.exemplar import load_exemplar
from training.interruption import interruptible
from training.listeners import FolderKeeper, TerminalProgress
from training.loop import Budget, train
from training.losses.choose import choose_loss
from training.plan import TrainingPlan
from training.trainer import Trainer

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
    output: Path = arguments.output
    _check_output(output, arguments.resume, arguments.force)
    budget = _budget(arguments)
    plan = _plan(arguments)
    device = _device(arguments.device)
    exemplar = load_exemplar(arguments.image, arguments.size).to(device)
    loss = choose_loss(arguments.loss, exemplar, arguments.weights, arguments.download)
    console.print(f"loss: {loss.description}", highlight=False, soft_wrap=True)
    trainer = Trainer(plan, loss, device)
    trainer.model.template = replace(
        trainer.model.template,
        name=arguments.name or output.stem,
        credits=_credits(arguments),
    )
    if arguments.resume:
        load_checkpoint(trainer, checkpoint_path(output))
        console.print(f"resumed at iteration {trainer.iteration}")
    if arguments.age:
        console.print(f"letting a quarter of the pool live for {arguments.age} steps")
        trainer.age_pool(plan.pool_size // 4, arguments.age)
    keeper = FolderKeeper(output, arguments.preview_every)
    with interruptible() as interruption:
        with TerminalProgress(console) as bar:
            train(trainer, budget, [bar, keeper], interruption)
        keeper.keep(trainer)
        state = trainer.settle(PREVIEW_SIDE_CELLS, PREVIEW_STEPS).permute(2, 0, 1).numpy()
        save_picture(picture(trainer.to_automaton(), state), preview_path(output))
    ending = "stopped early" if interruption.requested else "trained"
    console.print(f"{ending} after {trainer.iteration} iterations; wrote {output}", soft_wrap=True)
    console.print(f"look at it: lichen view {shlex.quote(str(output))}", soft_wrap=True)
    return 0


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


def _budget(arguments: argparse.Namespace) -> Budget:
    iterations, minutes = arguments.iterations, arguments.minutes
    if iterations is None and minutes is None:
        iterations = DEFAULT_ITERATIONS
    if (iterations is not None and iterations < 1) or (minutes is not None and not minutes > 0):
        raise LichenError("--iterations and --minutes must be above zero.")
    if not 16 <= arguments.size <= 2048:
        raise LichenError(f"--size must be from 16 to 2048, not {arguments.size}.")
    return Budget(iterations, minutes)


def _credits(arguments: argparse.Namespace) -> Credits:
    return Credits(
        author=arguments.author,
        licence=arguments.licence,
        exemplar=arguments.image.name,
        exemplar_licence=arguments.exemplar_licence,
        training_command="lichen " + shlex.join(sys.argv[1:]),
    )


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise LichenError(f"the device {name} cannot be used here; try --device cpu.") from error
    return device


def _step_range(text: str) -> tuple[int, int]:
    low, _, high = text.partition(":")
    return int(low), int(high or low)
