"""Losses as the recipes before ours write them, for the training benchmark's baselines."""

import torch
from torch import Tensor
from torch.nn import functional

from training.networks.vgg16 import Vgg16

GRAM_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
TRANSPORT_LAYERS = ("relu1_1", "relu2_1", "relu3_1")
PROJECTIONS = 32


class PlainGramLoss:
    """Mean squared differences of Gram matrices, as in fast.ai's lesson 20."""

    description = "Gram matrices of VGG16 features"

    def __init__(self, exemplar: Tensor, network: Vgg16) -> None:
        """`exemplar` is [3, h, w] in 0..1."""
        self._network = network
        self._targets = {name: gram.detach() for name, gram in self._grams(exemplar[None]).items()}

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Sum over layers, pictures [batch, 3, h, w] in 0..1."""
        grams = self._grams(pictures)
        costs = [
            functional.mse_loss(gram, self._targets[name].expand_as(gram))
            for name, gram in grams.items()
        ]
        return torch.stack(costs).sum()

    def _grams(self, pictures: Tensor) -> dict[str, Tensor]:
        features = self._network(pictures, GRAM_LAYERS, "circular")
        return {
            name: torch.einsum("bchw,bdhw->bcd", cloud, cloud) / cloud[0, 0].numel()
            for name, cloud in features.items()
        }


class PlainTransportLoss:
    """Sliced optimal transport on pixels and VGG16 features (Heitz et al., CVPR 2021).

    Fresh directions each time, all points, the exemplar projected and sorted anew.
    """

    description = "sliced optimal transport on VGG16 features"

    def __init__(self, exemplar: Tensor, network: Vgg16) -> None:
        """`exemplar` is [3, h, w] in 0..1."""
        self._network = network
        with torch.no_grad():
            self._targets = self._clouds(exemplar[None])

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Sum over pixels and layers, pictures [batch, 3, h, w] in 0..1."""
        cost = pictures.new_zeros(())
        for cloud, target in zip(self._clouds(pictures), self._targets, strict=True):
            directions = torch.randn(PROJECTIONS, cloud.shape[1], generator=generator)
            directions = functional.normalize(directions, dim=1)
            ours = (directions @ cloud).sort(dim=2).values
            theirs = (directions @ target).sort(dim=2).values
            theirs = functional.interpolate(theirs, size=ours.shape[2], mode="nearest")
            cost = cost + functional.mse_loss(ours, theirs.expand_as(ours)) / target.var()
        return cost

    def _clouds(self, pictures: Tensor) -> list[Tensor]:
        features = self._network(pictures, TRANSPORT_LAYERS, "circular")
        return [cloud.flatten(2) for cloud in (pictures, *features.values())]
