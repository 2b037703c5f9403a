"""`lichen stylize CONTENT STYLE -o OUT`: one picture in the manner of another.

Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015): no network is trained; the
pixels themselves are optimised.
"""

import argparse
from pathlib import Path

import torch
from rich.console import Console
from torch import Tensor

from exporters.errors import LichenError
from training.exemplar import load_exemplar
from training.losses.choose import build_loss
from training.losses.content import ContentLoss
from training.losses.wish import NETWORK_LOSSES, PICTURE_LOSSES, LossWish
from training.networks.feature_network import PIXELS, FeatureNetwork
from training.networks.shared import SharedNetwork
from training.prepare import find_device
from training.stylize.canvas import grey_noise
from training.stylize.objectives import Objective, all_of, calm, like_content, like_style, towards
from training.stylize.options import (
    Defaults,
    add_bounds_argument,
    add_network_arguments,
    add_painting_arguments,
    bounded_canvas,
    check_painting_arguments,
    check_weight,
    open_network,
    paint,
)
from training.stylize.picture import load_fitted, load_scaled

DEFAULTS = Defaults(iterations=200, learning_rate=0.1, total_variation=0.0)
STARTS = ("content", "style", "noise")


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
        default="content",
        metavar="WHAT",
        help=f"{', '.join(STARTS)}, or a picture to go on from (%(default)s)",
    )
    add_network_arguments(parser)
    add_bounds_argument(parser)
    add_painting_arguments(parser, DEFAULTS)


def run(arguments: argparse.Namespace) -> int:
    """Paint; Ctrl-C keeps the picture so far. Raises LichenError for what the user can mend."""
    console = Console(stderr=True)
    wish = _check(arguments)
    device = find_device(arguments.device)
    content = load_scaled(arguments.content, arguments.size).to(device)
    start = _start(arguments, content).to(device)
    if arguments.check:
        painting = paint(
            bounded_canvas(start, arguments.bounds), towards(content), arguments, console
        )
        levels = 255 * painting.loss**0.5
        console.print(f"its pixels differ from {arguments.content} by {levels:.2f} levels of 255")
        return 0
    network = open_network(arguments, console)
    objective = _objective(arguments, wish, network, content, console)
    paint(bounded_canvas(start, arguments.bounds), objective, arguments, console)
    return 0


def _check(arguments: argparse.Namespace) -> LossWish:
    """What is wished of the style. Raises LichenError for options that do not go together."""
    check_painting_arguments(arguments)
    check_weight("the style", arguments.style_weight)
    check_weight("the content", arguments.content_weight)
    if arguments.check and arguments.style is not None:
        raise LichenError("--check paints CONTENT alone; leave out the style.")
    if not arguments.check and arguments.style is None:
        raise LichenError("name a second picture, whose style is to be taken.")
    if arguments.start == "style" and arguments.style is None:
        raise LichenError("without a style nothing starts from it; use --start noise.")
    return LossWish(arguments.loss, layers=arguments.style_layers)


def _start(arguments: argparse.Namespace, content: Tensor) -> Tensor:
    """The picture [1, 3, h, w] to begin from, as large as the content."""
    height, width = content.shape[2:]
    match arguments.start:
        case "content" if not arguments.check:
            return content
        case "content" | "noise":
            return grey_noise(height, width, torch.Generator().manual_seed(arguments.seed))
        case "style":
            return load_fitted(arguments.style, height, width)
        case _:
            return load_fitted(Path(arguments.start), height, width)


def _objective(
    arguments: argparse.Namespace,
    wish: LossWish,
    network: FeatureNetwork,
    content: Tensor,
    console: Console,
) -> Objective:
    style_picture = load_exemplar(arguments.style, arguments.style_size or arguments.size)
    content_wish = LossWish(layers=arguments.content_layers)
    content_layers = content_wish.layer_weights() or {network.style_layers[-1]: 1.0}
    style_layers = _style_layers(wish, network)
    shared = SharedNetwork(network, tuple(dict.fromkeys((*style_layers, *content_layers))))
    style = build_loss(wish, style_picture.to(content.device), shared, "reflect")
    console.print(f"style: {style.description}", highlight=False, soft_wrap=True)
    objectives = [like_style(style, arguments.style_weight)]
    if arguments.content_weight:
        judge = ContentLoss(shared, content, content_layers)
        console.print(f"content: {judge.description}", highlight=False, soft_wrap=True)
        objectives.append(like_content(judge, content, arguments.content_weight))
    if arguments.total_variation:
        objectives.append(calm(arguments.total_variation))
    return all_of(objectives)


def _style_layers(wish: LossWish, network: FeatureNetwork) -> list[str]:
    """The network's layers that the style is judged by, none where it looks at no network."""
    if wish.loss_weights().keys().isdisjoint(NETWORK_LOSSES):
        return []
    return [layer for layer in wish.layer_weights() or network.style_layers if layer != PIXELS]
