"""The pictures around a painting, read and decoded beside the window."""

import io
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from viewer.picture_textures import Pixels

SMALLEST_SIDE_PIXELS = 32
# As large as any panel shows one.
THUMBNAIL_SIDE_PIXELS = 256
DAMAGED_PICTURE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True, eq=False)
class SlotPicture:
    """What lies in a slot: its name, the whole picture [h, w, 3] and a small one."""

    name: str
    pixels: Pixels
    thumbnail: Pixels

    @staticmethod
    def of(name: str, pixels: Pixels) -> "SlotPicture":
        """Shrink it for the panel."""
        return SlotPicture(name, pixels, shrunk(pixels, THUMBNAIL_SIDE_PIXELS))

    @staticmethod
    def read(path: Path) -> "SlotPicture":
        """From a file. Raises LichenError where that is no picture to paint with."""
        return SlotPicture.of(path.stem.replace("_", " "), load_picture(path, SMALLEST_SIDE_PIXELS))


class NewestPicture:
    """The newest of the pictures that come in; decoding one never stops the window.

    What comes in while another is decoded waits, and gives way to what is newer still.
    """

    def __init__(self, thread: Executor) -> None:
        self._thread = thread
        self._decoding: Future[Pixels | None] | None = None
        self._waiting: bytes | None = None
        self.pixels: Pixels | None = None

    def put(self, png: bytes) -> None:
        """Show this one as soon as it is decoded."""
        self._waiting = png

    def read(self, path: Path, longer_side_pixels: int | None = None) -> None:
        """Show what a file holds, if it is there, shrunk to at most that size.

        It comes after all that was put before.
        """
        self._waiting = None
        self._decoding = self._thread.submit(_read, path, longer_side_pixels)

    def poll(self) -> None:
        """Take in what has been decoded. A damaged picture leaves the one before."""
        if self._decoding is not None and self._decoding.done():
            pixels, self._decoding = self._decoding.result(), None
            self.pixels = self.pixels if pixels is None else pixels
        if self._decoding is None and self._waiting is not None:
            self._decoding = self._thread.submit(_decode, self._waiting)
            self._waiting = None

    def settle(self) -> None:
        """Wait until all that has come in is decoded."""
        self.poll()
        while self._decoding is not None:
            wait([self._decoding])
            self.poll()


def shrunk(pixels: Pixels, longer_side_pixels: int) -> Pixels:
    """A picture whose longer side is at most so long."""
    image = Image.fromarray(pixels)
    image.thumbnail((longer_side_pixels, longer_side_pixels), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _decode(png: bytes) -> Pixels | None:
    try:
        with Image.open(io.BytesIO(png)) as image:
            return np.asarray(image.convert("RGB"))
    except DAMAGED_PICTURE:
        return None


def _read(path: Path, longer_side_pixels: int | None) -> Pixels | None:
    try:
        pixels = load_picture(path)
    except LichenError:
        return None
    return pixels if longer_side_pixels is None else shrunk(pixels, longer_side_pixels)
