"""A network that several losses look through, and that runs once for all of them."""

from torch import Tensor

from training.networks.feature_network import FeatureNetwork, Padding


class SharedNetwork:
    """Answers for the newest pictures from memory.

    `layers` are all that anybody will ask for. Whoever asks first has the network run down to the
    deepest of them.
    """

    def __init__(self, network: FeatureNetwork, layers: tuple[str, ...]) -> None:
        self._network = network
        self.layer_names, self.style_layers = network.layer_names, network.style_layers
        self._layers = layers
        self._pictures: Tensor | None = None
        self._padding: Padding | None = None
        self._found: dict[str, Tensor] = {}
        self.description = network.description

    def __call__(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        Raises:
            LichenError: the network has no such layer.
        """
        if pictures is not self._pictures or padding != self._padding:
            self._found = self._network(pictures, self._layers, padding)
            self._pictures, self._padding = pictures, padding
        return {name: self._found[name] for name in layers}
