"""Sliced optimal transport between network features (Heitz et al., CVPR 2021)."""

import torch
from torch import Tensor

from training.losses.transport import DIRECTIONS_IN_BANK, TransportTarget, unit_directions
from training.networks import Vgg16

LAYERS = ("relu1_1", "relu2_1", "relu3_1")


class OptimalTransportLoss:
    """Compares the clouds of pixels and of features at each layer with the exemplar's."""

    def __init__(self, exemplar: Tensor, network: Vgg16, origin: str) -> None:
        """`exemplar` is [3, h, w] in 0..1; `origin` says where the network comes from."""
        self.description = f"sliced optimal transport on VGG16 features, from {origin}"
        self._network = network
        generator = torch.Generator().manual_seed(0)
        self._targets: dict[str, TransportTarget] = {}
        with torch.no_grad():
            features = network(exemplar[None], LAYERS, "reflect")
            for name, cloud in {"pixels": exemplar[None], **features}.items():
                points = cloud[0].flatten(1)
                directions = unit_directions(DIRECTIONS_IN_BANK, len(points), generator)
                directions = directions.to(points.device)
                self._targets[name] = TransportTarget(points, directions, points.shape[1])

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Sum over layers of the transport cost, pictures [batch, 3, h, w] in 0..1."""
        clouds = {"pixels": pictures, **self._network(pictures, LAYERS, "circular")}
        costs = [
            self._targets[name].distance(cloud.flatten(2), generator)
            for name, cloud in clouds.items()
        ]
        return torch.stack(costs).sum()
