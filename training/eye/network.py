"""The eye: a small network of our own whose features judge textures, shipped with the project.

Four stages of convolutions with average pooling between them, each with a linear read-out that
estimates what VGG16 sees at that scale (docs/EYE.md says how it was taught). It needs no
download and a fraction of VGG16's time.
"""

from collections.abc import Mapping
from pathlib import Path

import safetensors
import torch
from torch import Tensor, nn
from torch.nn import functional

from exporters.errors import LichenError
from training.networks.feature_network import Padding, refuse_unknown_layers
from training.networks.padding import pad

# Each stage is named after the pixels that lie between its features; the widths are those of
# its convolutions.
STAGES: Mapping[str, tuple[int, ...]] = {
    "stride1": (32,),
    "stride2": (64,),
    "stride4": (128, 128),
    "stride8": (128,),
}
# A convolution of reach r covers 2 r + 1 pixels each way.
FIRST_REACH_PIXELS = 2
REACH_PIXELS = 1
FEATURES = 64
PICTURE_MEAN = 0.5
PICTURE_DEVIATION = 0.25
EYE_PATH = Path(__file__).with_name("eye.safetensors")
VERSION = "1"


class Eye(nn.Module):
    """A stack of rectified convolutions with linear read-outs; a FeatureNetwork.

    A layer holds 64 features: the strongest principal components of the teacher's, estimated.
    """

    description = "Lichen's own eye"
    style_layers = tuple(STAGES)

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleDict()
        self.readouts = nn.ModuleDict()
        inputs, reach = 3, FIRST_REACH_PIXELS
        for name, widths in STAGES.items():
            stage = nn.ModuleList()
            for width in widths:
                stage.append(nn.Conv2d(inputs, width, 2 * reach + 1))
                inputs, reach = width, REACH_PIXELS
            self.stages[name] = stage
            self.readouts[name] = nn.Conv2d(inputs, FEATURES, 1)
        self.to(memory_format=torch.channels_last)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The names of the layers that can be asked for, shallow to deep."""
        return tuple(self.stages)

    def forward(
        self, pictures: Tensor, layers: tuple[str, ...], padding: Padding
    ) -> dict[str, Tensor]:
        """Features of pictures [batch, 3, h, w] in 0..1, each [batch, features, h', w'].

        Raises:
            LichenError: a layer is unknown.
        """
        refuse_unknown_layers(layers, self)
        found: dict[str, Tensor] = {}
        signal = (pictures - PICTURE_MEAN) / PICTURE_DEVIATION
        for name, stage in self.stages.items():
            if name != "stride1":
                signal = functional.avg_pool2d(signal, 2)
            for convolution in stage.children():
                reach = FIRST_REACH_PIXELS if name == "stride1" else REACH_PIXELS
                signal = convolution(pad(signal, reach, padding)).relu_()
            if name in layers:
                found[name] = self.readouts[name](signal)
            if len(found) == len(set(layers)):
                break
        return found


def load_eye(path: Path = EYE_PATH) -> Eye:
    """Read the eye that the project ships; its weights are frozen.

    Raises:
        LichenError: the file is missing or damaged, or holds another version.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            version = (file.metadata() or {}).get("version")
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}
        eye = Eye()
        if version == VERSION:
            eye.load_state_dict(tensors)
    except Exception as error:  # the reader raises types of its own for refused content
        raise LichenError(f"{path} holds no eye that can be read; reinstall Lichen.") from error
    if version != VERSION:
        raise LichenError(
            f"{path} holds version {version} of the eye, not {VERSION}; reinstall Lichen."
        )
    return eye.requires_grad_(False)
