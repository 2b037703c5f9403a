"""The network: a small U-Net that sees a noised picture and tells the clean one."""

from typing import cast

import torch
from diffusers import UNet2DModel
from torch import Tensor, nn
from torch.nn import functional

from training.dream.own.noise import scalings

# The U-Net sees squares of so many pixels as one place with more channels, which makes it four
# times as fast (Hoogeboom et al., "Simple Diffusion", 2023).
SQUARE_PIXELS = 2
CHANNELS = 3 * SQUARE_PIXELS**2
NORM_GROUPS = 8
# The U-Net's own clock, made for counts of steps, goes by hundredths of ln(sigma).
CLOCK_SCALE = 100.0


class Denoiser(nn.Module):
    """A U-Net without attention, so that it goes over frames of any size as over patches."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        """`widths` are the channels at each scale, fine to coarse."""
        super().__init__()
        self.widths = widths
        self._unit_pixels = SQUARE_PIXELS * 2 ** (len(widths) - 1)
        unet = UNet2DModel(
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            block_out_channels=widths,
            layers_per_block=1,
            down_block_types=("DownBlock2D",) * len(widths),
            up_block_types=("UpBlock2D",) * len(widths),
            add_attention=False,
            norm_num_groups=NORM_GROUPS,
        )
        self.unet = cast(nn.Module, unet)
        self.to(memory_format=torch.channels_last)

    def forward(self, scaled: Tensor, levels: Tensor) -> Tensor:
        """Predict the target of `noising.noised`, [n, 3, h, w] of any size, for sigmas [n]."""
        height, width = scaled.shape[2:]
        padded = _pad_to_units(scaled, self._unit_pixels)
        squares = functional.pixel_unshuffle(padded, SQUARE_PIXELS)
        clock = CLOCK_SCALE * levels.log()
        predicted = self.unet(squares.contiguous(memory_format=torch.channels_last), clock).sample
        whole: Tensor = functional.pixel_shuffle(predicted, SQUARE_PIXELS)
        return whole[:, :, :height, :width]

    def denoise(self, noised: Tensor, level: Tensor) -> Tensor:
        """The clean pictures that noised ones [n, 3, h, w] most probably came from.

        `level` is the sigma of all of them.
        """
        levels = level.expand(len(noised))
        skip, out, inwards = scalings(levels)
        predicted: Tensor = self(inwards * noised, levels).float()
        return skip * noised + out * predicted


def _pad_to_units(pictures: Tensor, unit_pixels: int) -> Tensor:
    """Mirror the lower and right border until both sides are whole numbers of units."""
    height, width = pictures.shape[2:]
    below, beside = -height % unit_pixels, -width % unit_pixels
    if not below and not beside:
        return pictures
    return functional.pad(pictures, (0, beside, 0, below), mode="reflect")
