"""Small paintings that are ready to be painted."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.stylize.order import StylizeOrder
from training.stylize.painting_files import content_path, style_path

WIDTH, HEIGHT = 48, 40


def blocks(random_seed: int, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture of blocks, 8 pixels each."""
    generator = np.random.default_rng(random_seed)
    colours = generator.integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return Image.fromarray(colours.repeat(8, 0).repeat(8, 1))


def new_painting_order(folder: Path, **wishes: Any) -> StylizeOrder:
    """An order in a new folder with its two pictures: six iterations of Lichen's own eye."""
    folder.mkdir()
    blocks(1).save(content_path(folder))
    blocks(2).save(style_path(folder))
    usual = {"size_pixels": WIDTH, "iterations": 6, "network": "eye"}
    return StylizeOrder(folder, **(usual | wishes))
