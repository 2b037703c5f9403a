"""What the eye learns from: crops of free photographs, dead leaves, and spoilt copies of both.

SOURCES.md beside this file lists every photograph and its terms. Dead leaves are random shapes
that fall over each other; Baradad et al., "Learning to See by Looking at Noise" (2021), show
that networks learn good features from them. No picture of the gallery is among these.
"""

from importlib.resources import files

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

PHOTOGRAPHS = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "cell.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "microaneurysms.png",
    "retina.jpg",
    "rocket.jpg",
)
CROP_PIXELS = 64
LEAVES = 60
# Pictures of these shares are dead leaves, of one grey recoloured by a ramp, and spoilt.
LEAVES_SHARE = 0.35
RAMP_SHARE = 0.3
SPOILT_SHARE = 0.4


class PictureSource:
    """Draws crops [3, 64, 64] without end, the same for the same generator."""

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator
        self._photographs = [_read(name) for name in PHOTOGRAPHS]

    def draw(self) -> Tensor:
        """One picture, mostly within 0..1; a spoilt one may go a little beyond."""
        generator = self._generator
        if _chance(LEAVES_SHARE, generator):
            picture = dead_leaves(generator)
        else:
            picture = self._crop()
        picture = _recolour(picture, generator)
        return _spoil(picture, generator) if _chance(SPOILT_SHARE, generator) else picture

    def _crop(self) -> Tensor:
        """A square of 64 to 192 pixels, turned and scaled down to 64."""
        photograph = self._photographs[_integer(0, len(self._photographs), self._generator)]
        _, height, width = photograph.shape
        side = _integer(CROP_PIXELS, min(192, height, width) + 1, self._generator)
        top = _integer(0, height - side + 1, self._generator)
        left = _integer(0, width - side + 1, self._generator)
        square = photograph[None, :, top : top + side, left : left + side]
        small = functional.interpolate(square, CROP_PIXELS, mode="bilinear", antialias=True)[0]
        turned = torch.rot90(small, _integer(0, 4, self._generator), (1, 2))
        return turned.flip(2) if _chance(0.5, self._generator) else turned


def dead_leaves(generator: torch.Generator) -> Tensor:
    """Discs, squares and stripes of random colours that cover each other, [3, 64, 64]."""
    side = CROP_PIXELS
    rows = torch.arange(side, dtype=torch.float32)[:, None].expand(side, side)
    picture = torch.rand(3, 1, 1, generator=generator).repeat(1, side, side)
    largest = _uniform(4, 24, generator)
    for _ in range(LEAVES):
        x, y, turn, length, shape = torch.rand(5, generator=generator).tolist()
        radius = 1.5 + (largest - 1.5) * length**2
        across = rows.T - x * side
        down = rows - y * side
        along = across * np.cos(turn * np.pi) + down * np.sin(turn * np.pi)
        aside = down * np.cos(turn * np.pi) - across * np.sin(turn * np.pi)
        if shape < 0.4:
            distance = torch.hypot(across, down)
        elif shape < 0.7:
            distance = torch.maximum(along.abs(), aside.abs())
        else:
            distance = torch.maximum(along.abs() / 4, aside.abs() * 2)
        cover = (radius - distance + 0.5).clamp(0, 1)
        colour = torch.rand(3, 1, 1, generator=generator)
        shade = 1 + 0.3 * (torch.rand((), generator=generator) - 0.5) * along / radius
        picture = picture + cover * ((colour * shade).clamp(0, 1) - picture)
    return picture


def _recolour(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Mix the channels, or lay the brightness on a ramp of three colours."""
    if _chance(RAMP_SHARE, generator):
        stops = torch.rand(3, 3, generator=generator)
        grey = picture.mean(dim=0).clamp(0, 1) * 2
        weights = torch.stack([(1 - (grey - stop).abs()).clamp_min(0) for stop in range(3)])
        return torch.einsum("shw,sc->chw", weights, stops)
    mixing = torch.eye(3) + 0.35 * torch.randn(3, 3, generator=generator)
    mixed = torch.einsum("chw,cd->dhw", picture - 0.5, mixing)
    return (mixed * _uniform(0.5, 1.4, generator) + 0.5).clamp(0, 1)


def _spoil(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Do to a picture what an automaton that has not learnt yet does."""
    spoilers = (_add_noise, _blur, _mosaic, _overshoot, _fade)
    return spoilers[_integer(0, len(spoilers), generator)](picture, generator)


def _add_noise(picture: Tensor, generator: torch.Generator) -> Tensor:
    strength = _uniform(0.02, 0.4, generator)
    return picture + strength * torch.randn(picture.shape, generator=generator)


def _blur(picture: Tensor, generator: torch.Generator) -> Tensor:
    side = 2 * _integer(1, 5, generator) + 1
    return functional.avg_pool2d(picture, side, 1, side // 2, count_include_pad=False)


def _mosaic(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Shuffle tiles of 4, 8 or 16 pixels."""
    tile = 2 ** _integer(2, 5, generator)
    tiles = functional.unfold(picture[None], tile, stride=tile)
    order = torch.randperm(tiles.shape[2], generator=generator)
    return functional.fold(tiles[:, :, order], CROP_PIXELS, tile, stride=tile)[0]


def _overshoot(picture: Tensor, generator: torch.Generator) -> Tensor:
    return (picture - 0.5) * _uniform(1, 2.2, generator) + 0.5


def _fade(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Cross-fade with noise of one wavelength."""
    side = 2 ** _integer(2, 7, generator)
    noise = torch.rand(1, 3, side, side, generator=generator)
    cloud = functional.interpolate(noise, CROP_PIXELS, mode="bilinear", align_corners=False)[0]
    return torch.lerp(picture, cloud, _uniform(0.2, 1, generator))


def _read(name: str) -> Tensor:
    with (files("skimage") / "data" / name).open("rb") as file:
        levels = np.array(Image.open(file).convert("RGB"))
    return torch.from_numpy(levels).permute(2, 0, 1).float() / 255


def _chance(share: float, generator: torch.Generator) -> bool:
    return bool(torch.rand((), generator=generator) < share)


def _uniform(low: float, high: float, generator: torch.Generator) -> float:
    return low + (high - low) * float(torch.rand((), generator=generator))


def _integer(low: int, beyond: int, generator: torch.Generator) -> int:
    return int(torch.randint(low, beyond, (), generator=generator))
