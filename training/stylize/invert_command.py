"""`lichen invert IMAGE -o OUT`: what a network's features still tell of a picture.

Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them" (CVPR 2015): a
picture is sought, from noise, that has the same features at some layers.
"""

import argparse
from pathlib import Path

import torch

from exporters.console import plain_console
from training.losses.content import ContentLoss
from training.losses.wish import LossWish
from training.prepare import find_device
from training.stylize.canvas import grey_noise
from training.stylize.objectives import all_of, calm, like_content
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
from training.stylize.picture import load_scaled
from training.stylize.prepare import bounded_canvas, open_network

DEFAULTS = Defaults(iterations=150, learning_rate=0.2, total_variation=1.0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen invert`."""
    add = parser.add_argument
    add("image", type=Path, metavar="IMAGE", help="the picture whose features are matched")
    add("--layers", help="with weights, as relu2_1,relu3_1=0.5 (the deepest that judges style)")
    add_network_arguments(parser)
    add_bounds_argument(parser)
    add_painting_arguments(parser, DEFAULTS)


def run(arguments: argparse.Namespace) -> int:
    """Paint; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    check_painting_arguments(arguments)
    layers = LossWish(layers=arguments.layers).layer_weights()
    console = plain_console(stderr=True)
    device = find_device(arguments.device)
    picture = load_scaled(arguments.image, arguments.size).to(device)
    tell = teller(console)
    network = open_network(arguments.network, arguments.weights, device, tell, arguments.download)
    judge = ContentLoss(network, picture, layers)
    tell(f"matched: {judge.description}")
    objectives = [like_content(judge, picture, 1.0)]
    if arguments.total_variation:
        objectives.append(calm(arguments.total_variation))
    height, width = picture.shape[2:]
    start = grey_noise(height, width, torch.Generator().manual_seed(arguments.seed)).to(device)
    canvas = bounded_canvas(start, arguments.bounds)
    paint(new_painting(canvas, all_of(objectives), arguments, network), arguments, console)
    return 0
