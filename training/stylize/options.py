"""What `lichen stylize`, `lichen invert` and `lichen visualise` have in common."""

import argparse
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import torch
from rich.console import Console
from torch import Tensor

from exporters.atomic import check_writable
from exporters.errors import LichenError
from exporters.picture_file import save_picture
from exporters.video import check_video_suffix
from training.eye.network import load_eye
from training.interruption import interruptible
from training.networks.choose import choose_network
from training.networks.feature_network import FeatureNetwork
from training.out_of_memory import out_of_memory_explained
from training.stylize.canvas import Canvas, ClampedCanvas, SigmoidCanvas
from training.stylize.objectives import Objective
from training.stylize.painting import Painting, Watcher
from training.stylize.picture import LARGEST_SIDE_PIXELS, SMALLEST_SIDE_PIXELS
from training.stylize.watchers import image_log, movie, progress_bar, side_by_side

Bounds = Literal["sigmoid", "clamp"]

MOST_ITERATIONS = 1_000_000
PICTURE_SUFFIX = ".png"
MOVIE_FRAMES = 100
MEMORY_ADVICE = "choose a smaller --size, or shallower layers"


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
    if not SMALLEST_SIDE_PIXELS <= arguments.size <= LARGEST_SIDE_PIXELS:
        raise LichenError(
            f"the size must be {SMALLEST_SIDE_PIXELS} to {LARGEST_SIDE_PIXELS} pixels, "
            f"not {arguments.size:,}."
        )
    if not 1 <= arguments.iterations <= MOST_ITERATIONS:
        raise LichenError(
            f"a painting takes 1 to {MOST_ITERATIONS:,} iterations, not {arguments.iterations:,}."
        )
    if not 0 < arguments.learning_rate <= 10:
        raise LichenError("the learning rate must be above 0 and up to 10.")
    check_weight("total variation", arguments.total_variation)
    if arguments.every is not None and arguments.every < 1:
        raise LichenError("--every needs at least 1 iteration.")
    if not 0 <= arguments.seed < 2**32:
        raise LichenError(f"the random seed {arguments.seed} is outside 0 to 2^32 - 1.")
    output: Path = arguments.output
    if output.suffix.lower() != PICTURE_SUFFIX:
        raise LichenError(f"the output {output} must end in {PICTURE_SUFFIX}.")
    for path in (output, arguments.movie):
        if path is not None:
            check_writable(path)
            if path.exists() and not arguments.force:
                raise LichenError(f"{path} exists; choose another name, or --force to replace it.")
    if arguments.movie is not None:
        check_video_suffix(arguments.movie)


def check_weight(name: str, weight: float) -> None:
    """Raise LichenError for a weight below zero or without end."""
    if not 0 <= weight < float("inf"):
        raise LichenError(f"the weight of {name} must be 0 or more, not {weight:g}.")


def open_network(arguments: argparse.Namespace, console: Console) -> FeatureNetwork:
    """The wished network; without a wish VGG16 where it is at hand, else Lichen's own eye.

    Raises:
        LichenError: as `training.networks.choose.choose_network`.
    """
    network = choose_network(arguments.network, arguments.weights, arguments.download)
    if network is None:
        console.print(
            "VGG16 is not on this machine, so Lichen's own eye looks; --download fetches the "
            "other (528 MB).",
            soft_wrap=True,
        )
        network = load_eye()
    if isinstance(network, torch.nn.Module):
        from training.prepare import find_device

        network.to(find_device(arguments.device))
    return network


def bounded_canvas(start: Tensor, bounds: Bounds) -> Canvas:
    """A canvas that begins as a picture [n, 3, h, w] in 0..1."""
    return SigmoidCanvas(start) if bounds == "sigmoid" else ClampedCanvas(start)


def paint(
    canvas: Canvas, objective: Objective, arguments: argparse.Namespace, console: Console
) -> Painting:
    """Optimise, and write what came of it; Ctrl-C keeps the picture so far.

    Raises:
        LichenError: the memory does not suffice, or a file cannot be written.
    """
    painting = Painting(
        canvas, objective, arguments.iterations, arguments.learning_rate, arguments.seed
    )
    every = arguments.every or max(1, arguments.iterations // MOVIE_FRAMES)
    with interruptible() as interruption, out_of_memory_explained(MEMORY_ADVICE, "painting"):
        with ExitStack() as stack:
            watchers: list[Watcher] = [stack.enter_context(progress_bar(console))]
            if arguments.log_images is not None:
                watchers.append(image_log(arguments.log_images, every))
            if arguments.movie is not None:
                height, width = side_by_side(painting.pictures()).shape[:2]
                film = movie(arguments.movie, width, height, painting, every)
                watchers.append(stack.enter_context(film))
            painting.run(watchers, interruption)
        save_picture(side_by_side(painting.pictures()), arguments.output)
    ending = "stopped early" if interruption.requested else "painted"
    console.print(
        f"{ending} after {painting.iteration} iterations; wrote {arguments.output}", soft_wrap=True
    )
    return painting
