"""Whether pictures still show what others show (Gatys et al., "A Neural Algorithm of Artistic
Style", 2015)."""

from collections.abc import Mapping

import torch
from torch import Tensor

from training.networks.feature_network import FeatureNetwork, Padding


class ContentLoss:
    """Compares what a network sees at some layers, place by place."""

    def __init__(
        self,
        network: FeatureNetwork,
        typical: Tensor,
        layer_weights: Mapping[str, float] | None = None,
    ) -> None:
        """`typical` pictures [n, 3, h, w] in 0..1 give each layer's usual strength, so that all
        weigh alike and an empty sky is not blown up. Without weights the deepest style layer
        judges alone.
        """
        self.description = f"features of {network.description}, place by place"
        self._network = network
        self._weights = layer_weights or {network.style_layers[-1]: 1.0}
        with torch.no_grad():
            features = self.features(typical)
        self._strengths = {name: values.square().mean() for name, values in features.items()}

    def features(self, pictures: Tensor, padding: Padding = "reflect") -> dict[str, Tensor]:
        """What pictures [batch, 3, h, w] in 0..1 show, by layer."""
        return self._network(pictures, tuple(self._weights), padding)

    def __call__(self, features: dict[str, Tensor], aims: dict[str, Tensor]) -> Tensor:
        """Weighted sum over layers of the mean squared difference, in units of the usual one."""
        costs = [
            self._weights[name] / self._strengths[name] * (features[name] - aim).square().mean()
            for name, aim in aims.items()
        ]
        return torch.stack(costs).sum()
