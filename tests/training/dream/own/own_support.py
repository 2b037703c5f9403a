"""Tiny pictures, plans and trainers that tests of the own backend share."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.dream.own.accelerator import open_accelerator
from training.dream.own.pictures import open_pictures
from training.dream.own.plan import DreamerPlan
from training.dream.own.trainer import DreamerTrainer

TINY = DreamerPlan(
    patch_pixels=16, side_pixels=32, widths=(16,), batch=4, reuse=3, learning_rate=3e-3
)


def save_stripes(folder: Path, count: int = 1, size: tuple[int, int] = (48, 32)) -> None:
    """Pictures of coloured stripes, `size` being width and height."""
    width, height = size
    for index in range(count):
        rows, columns = np.indices((height, width))
        stripes = (columns // 4 + rows // (4 + index)) % 2 * 200
        pixels = np.stack([stripes, stripes // 2 + 60, 255 - stripes], axis=2)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"stripes{index}.png")


def tiny_trainer(folder: Path, plan: DreamerPlan = TINY) -> DreamerTrainer:
    """A trainer on the pictures of a folder, in float32."""
    return DreamerTrainer(plan, open_pictures(folder, plan), open_accelerator("cpu", "float32"))


def idx_bytes(pictures: NDArray[np.uint8], magic: int = 0x0803) -> bytes:
    """Pictures [n, h, w] in the IDX format."""
    return struct.pack(">IIII", magic, *pictures.shape) + pictures.tobytes()
