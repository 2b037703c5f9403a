"""Builds what somebody wishes to judge by, or else the best that this machine's files allow."""

import torch
from torch import Tensor

from exporters.errors import LichenError
from training.losses.clip import ClipLoss
from training.losses.combined import CombinedLoss
from training.losses.gram import GramLoss
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.losses.wish import NETWORK_LOSSES, PROMPT_LOSS, LossWish
from training.networks.choose import choose_network
from training.networks.clip import open_clip
from training.networks.feature_network import FeatureNetwork, Padding
from training.networks.low_precision import LowPrecisionNetwork

CPU = torch.device("cpu")
Terms = list[tuple[float, StyleLoss]]


def choose_loss(wish: LossWish, exemplar: Tensor | None, device: torch.device = CPU) -> StyleLoss:
    """Build the wished loss for an exemplar [3, h, w] in 0..1, None where a prompt judges alone.

    Raises:
        LichenError: the loss needs a network that is not on the machine, or one that cannot
            be read, or a layer that it does not have.
    """
    terms: Terms = []
    if exemplar is not None:
        terms += _picture_terms(wish, exemplar, _network(wish, device), "circular")
    if wish.prompt.texts:
        clip = open_clip(wish.prompt.model, wish.download, device, wish.bfloat16)
        terms.append((wish.loss_weights().get(PROMPT_LOSS, 1.0), ClipLoss(clip, wish.prompt)))
    return _sum(terms)


def build_loss(
    wish: LossWish, exemplar: Tensor, network: FeatureNetwork | None, padding: Padding = "circular"
) -> StyleLoss:
    """The same for a picture alone with a network that is open already.

    Pictures continue as `padding` says.

    Raises:
        LichenError: the loss needs a network and there is none, or it lacks a layer.
    """
    return _sum(_picture_terms(wish, exemplar, network, padding))


def _network(wish: LossWish, device: torch.device) -> FeatureNetwork | None:
    weights = wish.loss_weights()
    if weights and weights.keys().isdisjoint(NETWORK_LOSSES):
        unseen = (wish.bfloat16 or wish.download) and not wish.looks_through_a_network
        if wish.network or wish.weights or wish.layers or unseen:
            raise LichenError(
                f"the loss {wish.loss} looks at no network; leave out what is about one."
            )
        return None
    network = choose_network(wish.network, wish.weights, wish.download)
    if isinstance(network, torch.nn.Module):
        network.to(device)
    return LowPrecisionNetwork(network) if wish.bfloat16 else network


def _picture_terms(
    wish: LossWish, exemplar: Tensor, network: FeatureNetwork | None, padding: Padding
) -> Terms:
    weights = wish.loss_weights() or {"ot": 1.0}
    return [
        (weight, _build(name, exemplar, network, wish, padding))
        for name, weight in weights.items()
        if name != PROMPT_LOSS
    ]


def _sum(terms: Terms) -> StyleLoss:
    """All of them; one alone keeps its weight, which counts beside whatever joins in later."""
    (weight, loss), *others = terms
    return loss if not others and weight == 1 else CombinedLoss(terms)


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
