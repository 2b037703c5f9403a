"""Sliced optimal transport between network features (Heitz et al., CVPR 2021)."""

from collections.abc import Mapping

import torch
from torch import Tensor

from training.losses.features import Clouds
from training.losses.transport import DIRECTIONS_IN_BANK, TransportTarget, unit_directions
from training.networks.feature_network import PIXELS, FeatureNetwork, Padding


class OptimalTransportLoss:
    """Compares the clouds of pixels and of features at each layer with the exemplar's."""

    def __init__(
        self,
        exemplar: Tensor,
        network: FeatureNetwork,
        layer_weights: Mapping[str, float] | None = None,
        padding: Padding = "circular",
    ) -> None:
        """`exemplar` is [3, h, w] in 0..1; without weights pixels and all style layers count 1."""
        self.description = f"sliced optimal transport on features of {network.description}"
        self._weights = layer_weights or dict.fromkeys((PIXELS, *network.style_layers), 1.0)
        self._padding = padding
        self._clouds = Clouds(network, tuple(self._weights))
        generator = torch.Generator().manual_seed(0)
        self._targets: dict[str, TransportTarget] = {}
        with torch.no_grad():
            for name, cloud in self._clouds(exemplar[None], "reflect").items():
                directions = unit_directions(DIRECTIONS_IN_BANK, cloud.shape[2], generator)
                self._targets[name] = TransportTarget(cloud[0], directions.to(cloud.device))

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Weighted sum over layers of the transport cost, pictures [batch, 3, h, w] in 0..1."""
        costs = [
            self._weights[name] * self._targets[name].distance(cloud, generator)
            for name, cloud in self._clouds(pictures, self._padding).items()
        ]
        return torch.stack(costs).sum()
