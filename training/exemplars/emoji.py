"""Emoji as pictures, from the Noto Color Emoji font where the machine has it."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from exporters.errors import LichenError

FONT_FILES = "NotoColorEmoji*.ttf"
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
# The one size that the font's bitmaps have, and what a single sign fits into.
FONT_PIXELS = 109
CANVAS_PIXELS = 160
MARGIN_PIXELS = 12


def is_emoji(text: str) -> bool:
    """Whether a text can be meant as an emoji rather than as the name of a file."""
    return 0 < len(text) <= 8 and not any(character.isascii() for character in text)


def shows_emoji(path: Path) -> bool:
    """Whether it is no file but an emoji that the font on this machine has."""
    if not is_emoji(str(path)) or os.path.exists(path):
        return False
    try:
        render_emoji(str(path))
    except LichenError:
        return False
    return True


def render_emoji(emoji: str) -> NDArray[np.uint8]:
    """Draw one emoji, cut out: sRGB and alpha, not premultiplied, uint8 [h, w, 4].

    Raises:
        LichenError: there is no emoji font, or it has no such sign.
    """
    try:
        font = ImageFont.truetype(find_font(), FONT_PIXELS)
    except OSError as error:
        raise LichenError(
            "the emoji font on this machine holds no pictures of the size that is needed; "
            "pass a PNG with transparent ground instead."
        ) from error
    canvas = Image.new("RGBA", (2 * CANVAS_PIXELS, CANVAS_PIXELS))
    place = (MARGIN_PIXELS, MARGIN_PIXELS)
    ImageDraw.Draw(canvas).text(place, emoji, font=font, embedded_color=True)
    box = canvas.getbbox()
    if box is None or box[2] > CANVAS_PIXELS:
        raise LichenError(f"the emoji font has no single picture for {emoji}; choose another.")
    return np.asarray(canvas.crop(box))


def find_font() -> Path:
    """The font's file. Raises LichenError where there is none."""
    for folder in FONT_FOLDERS:
        for path in sorted(Path(os.path.expanduser(folder)).rglob(FONT_FILES)):
            return path
    raise LichenError(
        "no emoji font is installed: install Noto Color Emoji "
        "(Debian: apt install fonts-noto-color-emoji) or pass a PNG with transparent ground."
    )
