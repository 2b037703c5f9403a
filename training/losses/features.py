"""Pictures as clouds of points: one point a place, one axis a feature."""

from torch import Tensor

from training.networks.feature_network import PIXELS, FeatureNetwork, Padding


class Clouds:
    """What a network sees at some layers; `pixels` among them stands for the colours."""

    def __init__(self, network: FeatureNetwork, layers: tuple[str, ...]) -> None:
        self._network = network
        self._layers = layers

    def __call__(self, pictures: Tensor, padding: Padding) -> dict[str, Tensor]:
        """Clouds [batch, places, features] by layer, of pictures [batch, 3, h, w] in 0..1.

        Raises:
            LichenError: the network has no such layer.
        """
        of_network = tuple(layer for layer in self._layers if layer != PIXELS)
        maps = {PIXELS: pictures} if PIXELS in self._layers else {}
        if of_network:
            maps |= self._network(pictures, of_network, padding)
        return {name: features.flatten(2).transpose(1, 2) for name, features in maps.items()}
