"""The VGG16 trunk, the classic judge of textures.

Simonyan and Zisserman, "Very Deep Convolutional Networks" (2014). Pooling is by average, as
Gatys et al. advise for textures ("Texture Synthesis Using CNNs", 2015).
"""

import re

import torch
from torch import Tensor, nn
from torch.nn import functional

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
    packaged_vgg16,
    read_tensors,
    wrong_weights,
)

# How many convolutions each block has; average pooling stands between the blocks.
VGG16_BLOCKS = (2, 2, 3, 3, 3)
VGG16_WIDTHS = (64, 128, 256, 512, 512)
BATCH_NORM_EPSILON = 1e-5
TRUNK_LAYER = re.compile(r"(?:features|slice[1-4])\.(\d+)\.weight$")


class Vgg16(nn.Module):
    """The convolutions of VGG16 up to the deepest one that the weights file holds.

    Signals are channels-last in memory, which makes a CPU's convolutions a quarter faster.
    """

    style_layers = ("relu1_1", "relu2_1", "relu3_1")

    def __init__(self, convolutions: list[tuple[Tensor, Tensor]], origin: str) -> None:
        super().__init__()
        self.description = f"VGG16, from {origin}"
        convolutions = [_fold_normalisation(*convolutions[0]), *convolutions[1:]]
        self.weights = nn.ParameterList(
            [weight.contiguous(memory_format=torch.channels_last) for weight, _ in convolutions]
        )
        self.biases = nn.ParameterList([bias for _, bias in convolutions])
        self.requires_grad_(False)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The names of the layers that can be asked for, shallow to deep."""
        names = [f"relu{block}_{index}" for block, index in _positions()]
        return tuple(names[: len(self.weights)])

    def forward(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        Raises:
            LichenError: a layer is unknown or lies deeper than the weights reach, or cannot look
                at the pictures, mostly since they are too small.
        """
        refuse_unknown_layers(layers, self)
        with refusal_explained(pictures, layers):
            return self._run(pictures, layers, padding)

    def _run(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Run the network until the last of the layers has answered."""
        found: dict[str, Tensor] = {}
        signal = pictures
        for name, weight, bias in zip(self.layer_names, self.weights, self.biases, strict=True):
            if name.endswith("_1") and name != "relu1_1":
                signal = functional.avg_pool2d(signal, 2)
            signal = functional.conv2d(pad(signal, 1, padding), weight, bias).relu_()
            if name in layers:
                found[name] = signal
            if len(found) == len(set(layers)):
                break
        return found


def find_vgg16() -> WeightsFile | None:
    """Say where VGG16's weights lie on this machine; nothing is ever downloaded."""
    return downloaded_weights(("vgg16-*.pth", "vgg16_bn-*.pth")) or packaged_vgg16()


def load_vgg16(source: WeightsFile) -> Vgg16:
    """Read VGG16, plain or with batch norm (folded away), whatever its layers are called.

    Raises:
        LichenError: the file is damaged or holds another network.
    """
    tensors = read_tensors(source.path, "VGG16")
    try:
        return Vgg16(_convolutions(tensors), source.origin)
    except (KeyError, ValueError, RuntimeError) as error:
        raise wrong_weights(source.path, "VGG16") from error


def _positions() -> list[tuple[int, int]]:
    """(block, index) of every convolution, both counted from 1."""
    return [
        (block, index)
        for block, count in enumerate(VGG16_BLOCKS, 1)
        for index in range(1, count + 1)
    ]


def _convolutions(tensors: dict[str, Tensor]) -> list[tuple[Tensor, Tensor]]:
    """Pair weights and biases in network order and hold their shapes to VGG16's.

    torchvision says `features.<position>.weight`; ports that cut the trunk into slices keep the
    position: `slice<n>.<position>.weight`.
    """
    found = {key: TRUNK_LAYER.search(key) for key, value in tensors.items() if value.ndim == 4}
    positions = {key: int(match[1]) for key, match in found.items() if match}
    ordered = sorted(positions, key=positions.__getitem__)
    folded: list[tuple[Tensor, Tensor]] = []
    inputs = 3
    for key, (block, _) in zip(ordered, _positions(), strict=False):
        weight = tensors[key].float()
        width = VGG16_WIDTHS[block - 1]
        if weight.shape != (width, inputs, 3, 3):
            break
        folded.append(_fold_batch_norm(tensors, key, weight))
        inputs = width
    if len(folded) < sum(VGG16_BLOCKS[:3]):
        raise ValueError("its convolutions are not those of VGG16")
    return folded


def _fold_batch_norm(tensors: dict[str, Tensor], key: str, weight: Tensor) -> tuple[Tensor, Tensor]:
    prefix, position, _ = key.rsplit(".", 2)
    bias = tensors[f"{prefix}.{position}.bias"].float()
    norm = f"{prefix}.{int(position) + 1}"
    if f"{norm}.running_mean" not in tensors:
        return weight, bias
    scale = tensors[f"{norm}.weight"] / (tensors[f"{norm}.running_var"] + BATCH_NORM_EPSILON).sqrt()
    shifted = (bias - tensors[f"{norm}.running_mean"]) * scale + tensors[f"{norm}.bias"]
    return weight * scale.view(-1, 1, 1, 1), shifted


def _fold_normalisation(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Let the first convolution take pictures in 0..1, where it was trained on normalised ones."""
    folded = weight / torch.tensor(IMAGENET_DEVIATION).view(1, 3, 1, 1)
    return folded, bias - (folded.sum(dim=(2, 3)) * torch.tensor(IMAGENET_MEAN)).sum(dim=1)
