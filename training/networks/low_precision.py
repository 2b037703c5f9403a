"""A network that looks in bfloat16: the automaton and the loss around it stay in float32."""

import torch
from torch import Tensor

from training.networks.feature_network import FeatureNetwork, Padding


class LowPrecisionNetwork:
    """Runs a network under autocast; its features come out in float32.

    Processors with bfloat16 units (AVX-512 BF16, AMX) and graphics cards take half the time for
    it. The small products of the automaton itself would lose by the conversions.
    """

    def __init__(self, network: FeatureNetwork) -> None:
        self._network = network
        self.layer_names, self.style_layers = network.layer_names, network.style_layers
        self.description = f"{network.description}, in bfloat16"

    def __call__(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'], float32.

        Raises:
            LichenError: the network has no such layer.
        """
        with torch.autocast(pictures.device.type, torch.bfloat16):
            found = self._network(pictures, layers, padding)
        return {name: features.float() for name, features in found.items()}
