"""Textures cut from photographs that come with scikit-image and may be shared freely."""

from importlib.resources import files

import numpy as np
from PIL import Image

from training.exemplars.canvas import SIZE, Picture, ramp


def tinted(grey: Image.Image, codes: str) -> Picture:
    """Stretch a grey picture's tones to the full range and colour them by a ramp."""
    tones = np.asarray(grey, dtype=np.float64)
    dark, bright = np.percentile(tones, (1, 99))
    return np.round(ramp((tones - dark) / (bright - dark), codes) * 255.0).astype(np.uint8)


def pebbles() -> Picture:
    """Gravel under clear water: ink blue gaps, teal shade, sand where the sun falls."""
    left, top, side = 60, 270, 210
    with (files("skimage") / "data" / "gravel.png").open("rb") as file:
        square = Image.open(file).crop((left, top, left + side, top + side))
    small = square.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return tinted(small, "07142b 0f4a66 2f8f96 7fbcb4 f0d49a fff6dc")
