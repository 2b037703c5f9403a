"""Gram matrices of network features (Gatys et al., "Texture Synthesis Using CNNs", 2015)."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from training.losses.features import Clouds
from training.networks.feature_network import FeatureNetwork, Padding


class GramLoss:
    """Compares the Gram matrices of layers, each with a weight of its own."""

    def __init__(
        self,
        exemplar: Tensor,
        network: FeatureNetwork,
        layer_weights: Mapping[str, float] | None = None,
        padding: Padding = "circular",
    ) -> None:
        """`exemplar` is [3, h, w] in 0..1; without weights all style layers count 1."""
        self.description = f"Gram matrices of features of {network.description}"
        self._weights = layer_weights or dict.fromkeys(network.style_layers, 1.0)
        self._padding = padding
        self._clouds = Clouds(network, tuple(self._weights))
        with torch.no_grad():
            clouds = self._clouds(exemplar[None], "reflect")
        self._targets = {name: gram_matrix(cloud) for name, cloud in clouds.items()}

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Weighted sum over layers of the relative squared difference."""
        costs = [
            self._weights[name] * _relative_error(gram_matrix(cloud), self._targets[name])
            for name, cloud in self._clouds(pictures, self._padding).items()
        ]
        return torch.stack(costs).sum()


def gram_matrix(points: Tensor) -> Tensor:
    """Mean products of features: points [batch, n, features] -> [batch, features, features]."""
    return points.transpose(1, 2) @ points / points.shape[1]


def _relative_error(gram: Tensor, target: Tensor) -> Tensor:
    """Squared error over the target's mean square, so that layers weigh alike."""
    return functional.mse_loss(gram, target.expand_as(gram)) / target.square().mean()
