"""`lichen stylize CONTENT STYLE -o OUT`: one picture in the manner of another.

Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015): no network is trained; the
pixels themselves are optimised.
"""

import argparse
from pathlib import Path
from typing import get_args

import torch
from rich.console import Console

from exporters.console import plain_console
from exporters.errors import LichenError
from training.losses.wish import PICTURE_LOSSES, LossWish
from training.prepare import find_device
from training.stylize.canvas import grey_noise
from training.stylize.objectives import towards
from training.stylize.options import (
    Defaults,
    add_bounds_argument,
    add_network_arguments,
    add_painting_arguments,
    check_painting_arguments,
    new_painting,
    paint,
    teller,
)
from training.stylize.order import Start, StylizeOrder
from training.stylize.picture import load_fitted, load_scaled
from training.stylize.prepare import Sources, bounded_canvas, prepare_painting

DEFAULTS = Defaults(iterations=200, learning_rate=0.1, total_variation=0.0)
STARTS = get_args(Start)
DEFAULT_START: Start = "content"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen stylize`."""
    add = parser.add_argument
    add("content", type=Path, metavar="CONTENT", help="the picture to show")
    add("style", type=Path, nargs="?", metavar="STYLE", help="the picture that gives the manner")
    add("--check", action="store_true", help="paint CONTENT itself, to see that painting works")
    losses = f"{', '.join(PICTURE_LOSSES)}, or a sum as ot+0.5*patch"
    add("--loss", default="ot", help=f"what judges the style: {losses} (%(default)s)")
    add("--style-layers", help="layers that judge it, with weights, as relu1_1,relu2_1=0.5")
    add("--style-weight", type=float, default=1.0, help="how much it counts (%(default)s)")
    add("--style-size", type=int, metavar="PIXELS", help="shorter side of STYLE (as --size)")
    add("--content-layers", help="layers that judge the content (the deepest that judges style)")
    add("--content-weight", type=float, default=1.0, help="how much it counts (%(default)s)")
    add(
        "--start",
        type=_to_start,
        default=DEFAULT_START,
        metavar="WHAT",
        help=f"{', '.join(STARTS)}, or a picture to go on from (%(default)s)",
    )
    add_network_arguments(parser)
    add_bounds_argument(parser)
    add_painting_arguments(parser, DEFAULTS)


def _to_start(text: str) -> str | Path:
    return text if text in STARTS else Path(text)


def run(arguments: argparse.Namespace) -> int:
    """Paint; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    check_painting_arguments(arguments)
    _check(arguments)
    console = plain_console(stderr=True)
    if arguments.check:
        _paint_content_itself(arguments, console)
        return 0
    sources = Sources(arguments.content, arguments.style, _start_picture(arguments))
    painting = prepare_painting(_to_order(arguments), sources, teller(console), arguments.download)
    paint(painting, arguments, console)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Raises LichenError for options that do not go together."""
    LossWish(arguments.loss, layers=arguments.style_layers)
    if arguments.check and arguments.style is not None:
        raise LichenError("--check paints CONTENT alone; leave out the style.")
    if not arguments.check and arguments.style is None:
        raise LichenError("name a second picture, whose style is to be taken.")
    if arguments.start == "style" and arguments.style is None:
        raise LichenError("without a style nothing starts from it; use --start noise.")


def _to_order(arguments: argparse.Namespace) -> StylizeOrder:
    """Raises LichenError for what no painting can be made with."""
    return StylizeOrder(
        folder=arguments.output.parent,
        size_pixels=arguments.size,
        style_size_pixels=arguments.style_size,
        iterations=arguments.iterations,
        learning_rate=arguments.learning_rate,
        loss=arguments.loss,
        style_weight=arguments.style_weight,
        content_weight=arguments.content_weight,
        style_layers=arguments.style_layers,
        content_layers=arguments.content_layers,
        total_variation=arguments.total_variation,
        start=DEFAULT_START if _start_picture(arguments) else arguments.start,
        bounds=arguments.bounds,
        random_seed=arguments.seed,
        network=arguments.network,
        weights=arguments.weights,
        device=arguments.device,
    )


def _start_picture(arguments: argparse.Namespace) -> Path | None:
    """What --start names, where that is a picture."""
    return arguments.start if isinstance(arguments.start, Path) else None


def _paint_content_itself(arguments: argparse.Namespace, console: Console) -> None:
    device = find_device(arguments.device)
    content = load_scaled(arguments.content, arguments.size).to(device)
    height, width = content.shape[2:]
    picture = _start_picture(arguments)
    if picture is None:
        start = grey_noise(height, width, torch.Generator().manual_seed(arguments.seed))
    else:
        start = load_fitted(picture, height, width)
    canvas = bounded_canvas(start.to(device), arguments.bounds)
    painting = new_painting(canvas, towards(content), arguments, network=None)
    paint(painting, arguments, console)
    levels = 255 * painting.loss**0.5
    console.print(f"its pixels differ from {arguments.content} by {levels:.2f} levels of 255")
