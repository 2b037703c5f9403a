"""Networks of torchvision by name: ResNet, ConvNeXt, MobileNet, EfficientNet and their like.

Features are taken where a block ends. A network sees a torus like VGG16 does: all its padding is
circular then, that of its pooling as well.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision import models
from torchvision.models import get_model, get_model_weights, list_models

from exporters.errors import LichenError
from training.networks.feature_network import (
    Padding,
    refusal_explained,
    refuse_unknown_layers,
)
from training.networks.padding import pad
from training.networks.weights import (
    IMAGENET_DEVIATION,
    IMAGENET_MEAN,
    WeightsFile,
    downloaded_weights,
    read_tensors,
    wrong_weights,
)

# Attention has fixed windows and places, and the inceptions crop: they cannot see a torus.
UNSUITED = ("vit", "swin", "maxvit", "inception", "googlenet")
INPLACE = (nn.ReLU, nn.ReLU6, nn.SiLU, nn.Hardswish)
SURVEY_SIDE_PIXELS = 128
STYLE_RESOLUTIONS = 3


class _Enough(Exception):
    """The deepest layer that was asked for has answered."""


class Backbone(nn.Module):
    """A network of torchvision that answers with the features of its blocks.

    The blocks are its modules down to the second level that give feature maps. Those that judge
    by default are the last ones at each of the three finest resolutions.
    """

    def __init__(self, model: nn.Module, description: str) -> None:
        super().__init__()
        self.description = description
        self._model = model.eval().to(memory_format=torch.channels_last)
        self._padding: Padding = "circular"
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(IMAGENET_DEVIATION).view(1, 3, 1, 1))
        self.requires_grad_(False)
        for module in model.modules():
            if isinstance(module, INPLACE):
                module.inplace = False  # a later layer must not overwrite what was found
            self._pad_before(module)
        sizes = self._survey()
        self.layer_names = tuple(sizes)
        last_of_each_size = {size: name for name, size in sizes.items()}
        self.style_layers = tuple(last_of_each_size.values())[:STYLE_RESOLUTIONS]

    def forward(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        Raises:
            LichenError: a layer is unknown, or cannot look at the pictures, mostly since they are
                too small.
        """
        refuse_unknown_layers(layers, self)
        self._padding = padding
        signal = (pictures - self.get_buffer("mean")) / self.get_buffer("deviation")
        with refusal_explained(pictures, layers):
            return self._run(signal.contiguous(memory_format=torch.channels_last), layers)

    @torch.no_grad()
    def _survey(self) -> dict[str, int]:
        """The blocks in the order in which they answer, and the height of their features."""
        blocks = [name for name, _ in self._model.named_modules() if name and name.count(".") < 2]
        found = self._run(torch.zeros(1, 3, SURVEY_SIDE_PIXELS, SURVEY_SIDE_PIXELS), blocks)
        return {name: features.shape[2] for name, features in found.items() if features.ndim == 4}

    def _run(self, signal: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:
        """Run the model until the last of the layers has answered."""
        found: dict[str, Tensor] = {}

        def keep(name: str) -> Callable[[nn.Module, Any, Tensor], None]:
            def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
                found.setdefault(name, output)
                if len(found) == len(layers):
                    raise _Enough

            return hook

        handles = [
            self._model.get_submodule(name).register_forward_hook(keep(name)) for name in layers
        ]
        try:
            self._model(signal)
        except _Enough:
            pass
        finally:
            for handle in handles:
                handle.remove()
        return found

    def _pad_before(self, module: nn.Module) -> None:
        """Take a convolution's or a pooling's own padding away and pad its input instead."""
        if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            return
        own = module.padding
        rows, columns = own if isinstance(own, tuple) else (own, own)
        if rows or columns:
            module.padding = (0, 0)
            module.register_forward_pre_hook(
                lambda _, inputs: self._padded(inputs[0], int(rows), int(columns))
            )

    def _padded(self, signal: Tensor, rows: int, columns: int) -> Tensor:
        if rows == columns:
            return pad(signal, rows, self._padding)
        return functional.pad(signal, (columns, columns, rows, rows), mode=self._padding)


def load_backbone(name: str, source: WeightsFile) -> Backbone:
    """Build the network of that name with the weights of a file.

    Raises:
        LichenError: there is no such network, or the file is damaged or holds another one.
    """
    check_backbone_name(name)
    tensors = read_tensors(source.path, name)
    model = get_model(name, weights=None)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise wrong_weights(source.path, name) from error
    return Backbone(model, f"{name}, from {source.origin}")


def find_backbone(name: str) -> WeightsFile | None:
    """Say where torchvision keeps the network's weights on this machine, if it does.

    Raises:
        LichenError: there is no such network.
    """
    check_backbone_name(name)
    return downloaded_weights(Path(weights.url).name for weights in get_model_weights(name))


def check_backbone_name(name: str) -> None:
    """Raise LichenError where torchvision has no convolutional network of that name."""
    known = [model for model in list_models(module=models) if not model.startswith(UNSUITED)]
    if name not in known:
        raise LichenError(f"there is no network {name}; choose eye or one of {', '.join(known)}.")
