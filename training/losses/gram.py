"""Gram matrices of network features (Gatys et al., "Texture Synthesis Using CNNs", 2015)."""

import torch
from torch import Tensor
from torch.nn import functional

from training.networks import Vgg16

LAYER_WEIGHTS = {"relu1_1": 1.0, "relu1_2": 1.0, "relu2_2": 1.0, "relu3_3": 1.0}


class GramLoss:
    """Compares the Gram matrices of layers, each with a weight of its own."""

    def __init__(
        self,
        exemplar: Tensor,
        network: Vgg16,
        origin: str,
        layer_weights: dict[str, float] | None = None,
    ) -> None:
        """`exemplar` is [3, h, w] in 0..1; `origin` says where the network comes from."""
        self.description = f"Gram matrices of VGG16 features, from {origin}"
        self._network = network
        self._layer_weights = layer_weights or LAYER_WEIGHTS
        self._layers = tuple(self._layer_weights)
        with torch.no_grad():
            features = network(exemplar[None], self._layers, "reflect")
        self._targets = {name: gram_matrix(cloud) for name, cloud in features.items()}

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Weighted sum over layers of the relative squared difference."""
        features = self._network(pictures, self._layers, "circular")
        costs = [
            self._layer_weights[name] * _relative_error(gram_matrix(cloud), self._targets[name])
            for name, cloud in features.items()
        ]
        return torch.stack(costs).sum()


def gram_matrix(features: Tensor) -> Tensor:
    """Mean products of channels: [batch, c, h, w] -> [batch, c, c]."""
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / rows.shape[2]


def _relative_error(gram: Tensor, target: Tensor) -> Tensor:
    """Squared error over the target's mean square, so that layers weigh alike."""
    return functional.mse_loss(gram, target.expand_as(gram)) / target.square().mean()
