"""Pictures that can be learnt: all pixels are parameters, and none leaves the range of colours."""

from typing import Protocol

import torch
from torch import Tensor, nn

# A sigmoid never reaches its ends.
DARKEST, BRIGHTEST = 0.005, 0.995
# What a noise begins from: around middle grey.
NOISE_DEVIATION = 0.1
SPECTRUM_DEVIATION = 0.2
# The columns are opponent colours: light and dark, warm and cold, green and magenta; the latter
# two are shorter, since colours of photographs vary less in them.
COLOUR_DIRECTIONS = ((0.58, 0.28, 0.08), (0.58, 0.0, -0.16), (0.58, -0.28, 0.08))


class Canvas(Protocol):
    """Parameters, and the pictures [n, 3, h, w] in 0..1 that they stand for."""

    def parameters(self) -> list[nn.Parameter]:
        """What an optimiser changes."""
        ...

    def pictures(self) -> Tensor:
        """The pictures, a new tensor every time."""
        ...

    def after_step(self) -> None:
        """Called when the parameters have changed."""
        ...


class SigmoidCanvas:
    """Pixels are sigmoids of parameters, so that they are in range by nature."""

    def __init__(self, start: Tensor) -> None:
        """`start` is [n, 3, h, w] in 0..1."""
        self._levels = nn.Parameter(torch.logit(start.clamp(DARKEST, BRIGHTEST)))

    def parameters(self) -> list[nn.Parameter]:
        """What an optimiser changes."""
        return [self._levels]

    def pictures(self) -> Tensor:
        """The pictures, a new tensor every time."""
        return self._levels.sigmoid()

    def after_step(self) -> None:
        """Nothing is to be done."""


class ClampedCanvas:
    """Pixels are parameters, put back into range after each step."""

    def __init__(self, start: Tensor) -> None:
        """`start` is [n, 3, h, w] in 0..1."""
        self._pixels = nn.Parameter(start.clone())

    def parameters(self) -> list[nn.Parameter]:
        """What an optimiser changes."""
        return [self._pixels]

    def pictures(self) -> Tensor:
        """The pictures, a new tensor every time."""
        return self._pixels.clamp(0, 1)

    @torch.no_grad()
    def after_step(self) -> None:
        """Put back what has left the range."""
        self._pixels.clamp_(0, 1)


class SpectrumCanvas:
    """Pictures as waves of all lengths in decorrelated colours, where each is as easily learnt.

    Olah, Mordvintsev and Schubert, "Feature Visualization" (Distill, 2017): among pixels the
    finest waves are learnt first, and hide all shapes.
    """

    def __init__(
        self,
        count: int,
        height: int,
        width: int,
        generator: torch.Generator,
        device: torch.device | str = "cpu",
    ) -> None:
        rows = torch.fft.fftfreq(height)[:, None]
        columns = torch.fft.rfftfreq(width)[None]
        frequencies = (rows.square() + columns.square()).sqrt()
        # In photographs waves are as strong as they are long.
        strengths = 1 / frequencies.clamp_min(1 / max(height, width))
        self._strengths = (strengths / strengths.square().mean().sqrt()).to(device)
        self._size = height, width
        self._colours = torch.tensor(COLOUR_DIRECTIONS, device=device)
        waves = torch.randn((count, 3, *frequencies.shape, 2), generator=generator)
        self._waves = nn.Parameter(SPECTRUM_DEVIATION * waves.to(device))

    def parameters(self) -> list[nn.Parameter]:
        """What an optimiser changes."""
        return [self._waves]

    def pictures(self) -> Tensor:
        """The pictures, a new tensor every time."""
        waves = torch.view_as_complex(self._waves) * self._strengths
        planes = torch.fft.irfft2(waves, s=self._size, norm="ortho")
        return torch.einsum("rd,ndhw->nrhw", self._colours, planes).sigmoid()

    def after_step(self) -> None:
        """Nothing is to be done."""


def grey_noise(height: int, width: int, generator: torch.Generator) -> Tensor:
    """A picture [1, 3, height, width] to begin from: faint noise around middle grey."""
    noise = torch.randn((1, 3, height, width), generator=generator)
    return (0.5 + NOISE_DEVIATION * noise).clamp(0, 1)
