"""Builds what somebody wishes to judge by, or else the best that this machine's files allow."""

from torch import Tensor

from exporters.errors import LichenError
from training.losses.combined import CombinedLoss
from training.losses.gram import GramLoss
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.losses.wish import NETWORK_LOSSES, LossWish
from training.networks.choose import choose_network
from training.networks.feature_network import FeatureNetwork, Padding
from training.networks.low_precision import LowPrecisionNetwork


def choose_loss(wish: LossWish, exemplar: Tensor) -> StyleLoss:
    """Build the wished loss for an exemplar [3, h, w] in 0..1.

    Raises:
        LichenError: the loss needs a network that is not on the machine, or one that cannot
            be read, or a layer that it does not have.
    """
    weights = wish.loss_weights()
    network = None
    if not weights or not weights.keys().isdisjoint(NETWORK_LOSSES):
        network = choose_network(wish.network, wish.weights, wish.download)
        if network is not None and wish.bfloat16:
            network = LowPrecisionNetwork(network)
    elif wish.network or wish.weights or wish.layers or wish.bfloat16:
        raise LichenError(f"the loss {wish.loss} looks at no network; leave out what is about one.")
    return build_loss(wish, exemplar, network)


def build_loss(
    wish: LossWish, exemplar: Tensor, network: FeatureNetwork | None, padding: Padding = "circular"
) -> StyleLoss:
    """The same with a network that is open already; pictures continue as `padding` says.

    Raises:
        LichenError: the loss needs a network and there is none, or it lacks a layer.
    """
    weights = wish.loss_weights() or {"patch" if network is None else "ot": 1.0}
    terms = [
        (weight, _build(name, exemplar, network, wish, padding)) for name, weight in weights.items()
    ]
    return CombinedLoss(terms) if len(terms) > 1 else terms[0][1]


def _build(
    name: str,
    exemplar: Tensor,
    network: FeatureNetwork | None,
    wish: LossWish,
    padding: Padding,
) -> StyleLoss:
    if name == "patch":
        return PatchLoss(exemplar, padding)
    if network is None:
        raise LichenError(
            f"the loss {name} needs a network, and there is none on this machine; "
            "give --weights FILE, allow --download (528 MB), or use --loss patch."
        )
    loss_type = GramLoss if name == "gram" else OptimalTransportLoss
    return loss_type(exemplar, network, wish.layer_weights(), padding)
