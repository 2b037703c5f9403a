"""The one interface of all networks whose features judge textures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

from torch import Tensor

from exporters.errors import LichenError
from training.out_of_memory import out_of_memory_explained

Padding = Literal["circular", "reflect"]

# What stands for the pictures themselves where layers are named.
PIXELS = "pixels"


class FeatureNetwork(Protocol):
    """A frozen network that turns pictures into features, layer by layer.

    `description` names the network and says where its weights come from.
    """

    description: str

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers that can be asked for, shallow to deep."""
        ...

    @property
    def style_layers(self) -> tuple[str, ...]:
        """The layers that judge where nobody names any."""
        ...

    def __call__(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        A grid is a torus and wants circular padding; a picture cut out of something larger wants
        reflection. Nothing deeper than the deepest of `layers` is computed.
        """
        ...


def refuse_unknown_layers(layers: tuple[str, ...], network: FeatureNetwork) -> None:
    """Raise LichenError where the network has no layer of that name."""
    known = network.layer_names
    for layer in layers:
        if layer not in known:
            raise LichenError(f"there is no layer {layer}; choose from {', '.join(known)}.")


@contextmanager
def refusal_explained(pictures: Tensor, layers: tuple[str, ...]) -> Iterator[None]:
    """Raises LichenError, with PyTorch's reason, where the block cannot look at the pictures.

    They are [batch, 3, h, w]. Mostly they are too small, which PyTorch says in many ways; want of
    memory is told as such.
    """
    try:
        with out_of_memory_explained():
            yield
    except RuntimeError as error:
        height, width = pictures.shape[2:]
        reason = str(error).partition("\n")[0].rstrip(".")
        raise LichenError(
            f"the layers {', '.join(layers)} cannot look at pictures of {width} x {height}: "
            f"{reason}; if these are too small, name shallower --layers, or use a larger "
            "--size or --grid."
        ) from error
