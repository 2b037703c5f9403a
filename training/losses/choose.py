"""Which style loss to use, from what the user asked for and what the machine has."""

from pathlib import Path
from typing import Literal, get_args

from torch import Tensor

from exporters.errors import LichenError
from training.losses.gram import GramLoss
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.networks import download_network, find_network_source, load_vgg16

LossName = Literal["ot", "gram", "patch"]


def choose_loss(
    name: str | None, exemplar: Tensor, weights: Path | None, download: bool
) -> StyleLoss:
    """Build the named loss, or the best that this machine's files allow; exemplar [3, h, w].

    Raises:
        LichenError: the loss needs a network that is not on the machine, or one that cannot
            be read.
    """
    if name is not None and name not in get_args(LossName):
        raise LichenError(f"there is no loss {name}; use {', '.join(get_args(LossName))}.")
    if name == "patch":
        return PatchLoss(exemplar)
    source = find_network_source(weights)
    if source is None and download:
        source = download_network()
    if source is None:
        if name is None:
            return PatchLoss(exemplar)
        raise LichenError(
            f"the loss {name} needs the weights of VGG16, which are not on this machine; "
            "give --weights FILE, allow --download (528 MB), or use --loss patch."
        )
    network = load_vgg16(source).to(exemplar.device)
    loss_type = GramLoss if name == "gram" else OptimalTransportLoss
    return loss_type(exemplar, network, f"{source.origin} ({source.path})")
