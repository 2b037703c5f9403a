"""What judges notice: the cost of spoilt copies of exemplars, in multiples of an unspoilt crop's.

    python -m training.benchmarks.spoilt [--eye FILE]

Shuffled tiles keep colours and fine detail and break the structure; a blur does the opposite.
"""

import argparse
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.nn import functional

from training.benchmarks.quality import exemplar_path
from training.benchmarks.recipes import vgg16
from training.exemplar import load_exemplar
from training.eye.network import EYE_PATH, Eye, load_eye
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.networks.feature_network import FeatureNetwork

EXEMPLARS = ("coral", "honeycomb", "pebbles", "koi")
EXEMPLAR_CELLS = 128
CROP_CELLS = 64
TILE_CELLS = 8
BLUR_CELLS = 7


def shuffled(crop: Tensor) -> Tensor:
    """The crop [1, 3, 64, 64] with its tiles of 8 cells in another order."""
    tiles = functional.unfold(crop, TILE_CELLS, stride=TILE_CELLS)
    order = torch.randperm(tiles.shape[2], generator=torch.Generator().manual_seed(0))
    return functional.fold(tiles[:, :, order], CROP_CELLS, TILE_CELLS, stride=TILE_CELLS)


def blurred(crop: Tensor) -> Tensor:
    """Means over 7x7 cells."""
    padding = BLUR_CELLS // 2
    return functional.avg_pool2d(crop, BLUR_CELLS, 1, padding, count_include_pad=False)


def relative_cost(judge: StyleLoss, spoilt: Tensor, whole: Tensor) -> float:
    """How many times the cost of the whole picture a spoilt one has, by the same directions."""
    with torch.no_grad():
        costs = [
            judge(picture, torch.Generator().manual_seed(1)).item() for picture in (spoilt, whole)
        ]
    return costs[0] / costs[1]


def judges(exemplar: Tensor, networks: dict[str, FeatureNetwork]) -> dict[str, StyleLoss]:
    """Sliced transport on each network's features of an exemplar [3, h, w], and patches."""
    by_networks: dict[str, StyleLoss] = {
        name: OptimalTransportLoss(exemplar, network) for name, network in networks.items()
    }
    return by_networks | {"patches": PatchLoss(exemplar)}


def main() -> None:
    """Parse the command line and print the table."""
    parser = argparse.ArgumentParser(prog="training.benchmarks.spoilt")
    parser.add_argument("--eye", type=Path, default=EYE_PATH, help="(the one that ships)")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    networks: dict[str, FeatureNetwork] = {
        "VGG16": vgg16(),
        "eye": load_eye(parser.parse_args().eye),
        "the eye, untaught": Eye().requires_grad_(False),
    }
    table = Table("exemplar", "spoilt by", *networks, "patches")
    for spoil in (shuffled, blurred):
        for name in EXEMPLARS:
            exemplar = load_exemplar(exemplar_path(name), EXEMPLAR_CELLS)
            crop = exemplar[None, :, :CROP_CELLS, :CROP_CELLS]
            costs = [
                relative_cost(judge, spoil(crop), crop)
                for judge in judges(exemplar, networks).values()
            ]
            table.add_row(name, spoil.__name__, *(f"{cost:.2g}" for cost in costs))
    Console().print(table)


if __name__ == "__main__":
    main()
