"""`lichen visualise LAYER FILTER... -o OUT`: what the filters of a network look for.

Olah, Mordvintsev and Schubert, "Feature Visualization" (Distill, 2017).
"""

import argparse

import torch

from exporters.console import plain_console
from exporters.errors import LichenError
from training.networks.feature_network import FeatureNetwork
from training.prepare import find_device
from training.stylize.canvas import SpectrumCanvas
from training.stylize.objectives import all_of, calm, exciting
from training.stylize.options import (
    Defaults,
    add_network_arguments,
    add_painting_arguments,
    check_painting_arguments,
    new_painting,
    paint,
    teller,
)
from training.stylize.prepare import open_network

DEFAULTS = Defaults(iterations=100, learning_rate=0.2, total_variation=0.0)
MOST_FILTERS = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `lichen visualise`."""
    add = parser.add_argument
    add("layer", metavar="LAYER", help="of the network, as relu3_1; a wrong one lists them all")
    add(
        "filters",
        type=int,
        nargs="+",
        metavar="FILTER",
        help="numbers from 0; several stand side by side",
    )
    add_network_arguments(parser)
    add_painting_arguments(parser, DEFAULTS)


def run(arguments: argparse.Namespace) -> int:
    """Paint; Ctrl-C keeps what is there. Raises LichenError for what the user can mend."""
    check_painting_arguments(arguments)
    console = plain_console(stderr=True)
    device = find_device(arguments.device)
    tell = teller(console)
    network = open_network(arguments.network, arguments.weights, device, tell, arguments.download)
    tell(f"looks: {network.description}")
    filters: list[int] = arguments.filters
    _check_filters(network, arguments.layer, filters, device)
    canvas = SpectrumCanvas(
        len(filters),
        arguments.size,
        arguments.size,
        torch.Generator().manual_seed(arguments.seed),
        device,
    )
    objectives = [exciting(network, arguments.layer, filters)]
    if arguments.total_variation:
        objectives.append(calm(arguments.total_variation))
    paint(new_painting(canvas, all_of(objectives), arguments, network), arguments, console)
    return 0


def _check_filters(
    network: FeatureNetwork, layer: str, filters: list[int], device: torch.device
) -> None:
    """Raises LichenError where the layer or one of its filters does not exist."""
    if len(filters) > MOST_FILTERS:
        raise LichenError(f"{MOST_FILTERS} filters at a time are the most, not {len(filters)}.")
    with torch.no_grad():
        count = network(torch.zeros(1, 3, 64, 64, device=device), (layer,), "reflect")[layer].shape[
            1
        ]
    for number in filters:
        if not 0 <= number < count:
            raise LichenError(f"{layer} has the filters 0 to {count - 1}, not {number}.")
