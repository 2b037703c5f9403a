"""What `lichen stylize`, `lichen invert` and `lichen visualise` have in common."""

import argparse
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rich.console import Console

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.video import check_video_suffix
from training.checkpoint import check_checkpoint
from training.claim import claim
from training.interruption import interruptible
from training.networks.feature_network import FeatureNetwork
from training.out_of_memory import out_of_memory_explained
from training.stylize.canvas import Canvas
from training.stylize.keeping import keeping
from training.stylize.limits import MEMORY_ADVICE, check_painting
from training.stylize.objectives import Objective
from training.stylize.order import Bounds
from training.stylize.painting import Painting, Watcher
from training.stylize.painting_checkpoint import load_painting
from training.stylize.prepare import Tell
from training.stylize.recipe import recipe_of
from training.stylize.watchers import image_log, movie, progress_bar, side_by_side

PICTURE_SUFFIX = ".png"
MOVIE_FRAMES = 100
# What a picture does not depend on.
FREE_OPTIONS = (
    "device",
    "download",
    "every",
    "force",
    "log_images",
    "movie",
    "output",
    "resume",
)
WAY_OUT = "begin anew with --force instead of --resume"


@dataclass(frozen=True)
class Defaults:
    """What suits a command."""

    iterations: int
    learning_rate: float
    total_variation: float


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which network looks."""
    add = parser.add_argument
    add("--network", metavar="NAME", help="the network that looks: vgg16, eye, resnet50...")
    add("--weights", type=Path, metavar="FILE", help="the network's, .pth or .safetensors")
    add("--download", action="store_true", help="allow fetching the network's weights if missing")


def add_painting_arguments(parser: argparse.ArgumentParser, defaults: Defaults) -> None:
    """Declare how a picture is optimised, and what is written."""
    add = parser.add_argument
    add("--size", type=int, default=256, metavar="PIXELS", help="of the longer side (%(default)s)")
    add("--iterations", type=int, default=defaults.iterations, help="(%(default)s)")
    add("--learning-rate", type=float, default=defaults.learning_rate, help="(%(default)s)")
    add(
        "--total-variation",
        type=float,
        default=defaults.total_variation,
        metavar="WEIGHT",
        help="how much restless pixels cost (%(default)s)",
    )
    add("--seed", type=int, default=0, help="of all random numbers (%(default)s)")
    add("--device", default="auto", help="auto, cpu, cuda or mps (%(default)s)")
    add("--log-images", type=Path, metavar="FOLDER", help="keep a picture every so often")
    add("--movie", type=Path, metavar="FILE", help="film the process: .mp4, .webm or .gif")
    add("--every", type=int, metavar="ITERATIONS", help="between pictures of log and movie")
    add("-o", "--output", type=Path, required=True, metavar="FILE", help="the .png to write")
    add("--resume", action="store_true", help="go on with an interrupted run of these options")
    add("--force", action="store_true", help="replace an older output")


def add_bounds_argument(parser: argparse.ArgumentParser) -> None:
    """Declare how pixels are kept in range."""
    parser.add_argument(
        "--bounds",
        choices=get_args(Bounds),
        default="sigmoid",
        help="how pixels are kept in range (%(default)s)",
    )


def check_painting_arguments(arguments: argparse.Namespace) -> None:
    """Raises LichenError for what no painting can be made with, before any work is done."""
    check_painting(
        arguments.size,
        arguments.iterations,
        arguments.learning_rate,
        arguments.total_variation,
        arguments.seed,
    )
    if arguments.every is not None and arguments.every < 1:
        raise LichenError("--every needs at least 1 iteration.")
    _check_output(arguments)
    if arguments.movie is not None:
        check_video_suffix(arguments.movie)
        check_writable(arguments.movie)
        _check_unused(arguments.movie, arguments.force)


def checkpoint_beside(output: Path) -> Path:
    """What an interrupted run goes on from.

    Of the whole name, since a training may lie there under the same stem.
    """
    return output.with_name(f"{output.name}.checkpoint.pt")


def teller(console: Console) -> Tell:
    """Says sentences on the terminal."""
    return lambda sentence: console.print(sentence, soft_wrap=True)


def new_painting(
    canvas: Canvas,
    objective: Objective,
    arguments: argparse.Namespace,
    network: FeatureNetwork | None,
) -> Painting:
    """A painting as the options say, which are its recipe too. Raises LichenError."""
    names = vars(arguments).keys() - FREE_OPTIONS
    return Painting(
        canvas,
        objective,
        arguments.iterations,
        arguments.learning_rate,
        arguments.seed,
        recipe_of({name: getattr(arguments, name) for name in names}, network),
    )


def paint(painting: Painting, arguments: argparse.Namespace, console: Console) -> None:
    """Optimise, and write what came of it; Ctrl-C keeps the picture so far and a checkpoint.

    Raises:
        LichenError: the memory does not suffice, a file cannot be written, there is nothing to
            resume, or another command is at it.
    """
    output: Path = arguments.output
    lock = output.with_name(f"{output.name}.lock")
    complaint = f"another command is still painting {output}; stop it, or choose another name."
    with claim(lock, complaint):
        try:
            _paint(painting, arguments, console)
        finally:
            lock.unlink(missing_ok=True)


def _paint(painting: Painting, arguments: argparse.Namespace, console: Console) -> None:
    output, checkpoint = arguments.output, checkpoint_beside(arguments.output)
    if arguments.resume:
        load_painting(painting, checkpoint, WAY_OUT)
        console.print(f"resumed at iteration {painting.iteration}")
    else:
        checkpoint.unlink(missing_ok=True)
    with interruptible() as interruption, out_of_memory_explained(MEMORY_ADVICE, "painting"):
        with keeping(painting, output, checkpoint) as keeper, ExitStack() as stack:
            watchers: list[Watcher] = [*_watchers(painting, arguments, console, stack), keeper]
            painting.run(watchers, interruption)
    console.print(_closing_sentence(painting, output, checkpoint), soft_wrap=True)


def _watchers(
    painting: Painting, arguments: argparse.Namespace, console: Console, stack: ExitStack
) -> list[Watcher]:
    """Bar, pictures and film, which `stack` closes."""
    watchers: list[Watcher] = [stack.enter_context(progress_bar(console))]
    every = arguments.every or max(1, arguments.iterations // MOVIE_FRAMES)
    if arguments.log_images is not None:
        watchers.append(image_log(arguments.log_images, every))
    if arguments.movie is not None:
        height, width = side_by_side(painting.pictures()).shape[:2]
        film = movie(arguments.movie, width, height, painting, every)
        watchers.append(stack.enter_context(film))
    return watchers


def _closing_sentence(painting: Painting, output: Path, checkpoint: Path) -> str:
    if painting.is_finished:
        return f"painted after {painting.iteration} iterations; wrote {output}"
    return (
        f"stopped early after {painting.iteration} of {painting.iterations} iterations; wrote "
        f"{output}, and {checkpoint}, with which --resume goes on"
    )


def _check_output(arguments: argparse.Namespace) -> None:
    output: Path = arguments.output
    if output.suffix.lower() != PICTURE_SUFFIX:
        raise LichenError(f"the output {output} must end in {PICTURE_SUFFIX}.")
    check_writable(output)
    checkpoint = checkpoint_beside(output)
    if arguments.resume:
        check_checkpoint(checkpoint)
    if arguments.resume or arguments.force:
        return
    if checkpoint.exists():
        raise LichenError(
            f"{checkpoint} is of a run that was interrupted; --resume goes on with it, --force "
            "begins anew."
        )
    _check_unused(output, may_replace=False)


def _check_unused(path: Path, may_replace: bool) -> None:
    if path.exists() and not may_replace:
        raise LichenError(f"{path} exists; choose another name, or --force to replace it.")
