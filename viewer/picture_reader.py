"""Pictures from disk, read beside the window so that it never waits for them."""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.errors import LichenError
from exporters.picture_file import load_picture

LARGEST_BYTES = 256 * 2**20

Pixels = NDArray[np.uint8]
Size = tuple[int, int]


class PictureReader:
    """Reads one picture at a time; those asked for last are kept, up to LARGEST_BYTES.

    A file is read once; ask for it only when it is whole, and `forget` it when it changes.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "pictures")
        self._read: OrderedDict[tuple[Path, Size | None], Pixels | None] = OrderedDict()
        self._pending: dict[tuple[Path, Size | None], Future[Pixels | None]] = {}
        self._bytes = 0

    def picture(self, path: Path, fitted_to: Size | None = None) -> Pixels | None:
        """The picture [height, width, 3], or the middle of it in a size (width, height).

        None while it is on its way, or for good where it cannot be read.
        """
        key = path, fitted_to
        self._take_in()
        if key in self._read:
            self._read.move_to_end(key)
            return self._read[key]
        if key not in self._pending:
            self._pending[key] = self._thread.submit(_read, path, fitted_to)
        return None

    def is_broken(self, path: Path, fitted_to: Size | None = None) -> bool:
        """Whether it was asked for and cannot be read."""
        return self._read.get((path, fitted_to), b"") is None

    def forget(self) -> None:
        """Read everything anew from now on."""
        for future in self._pending.values():
            future.cancel()
        self._pending.clear()
        self._read.clear()
        self._bytes = 0

    def stop(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _take_in(self) -> None:
        for key in [key for key, future in self._pending.items() if future.done()]:
            pixels = self._pending.pop(key).result()
            self._read[key] = pixels
            self._bytes += 0 if pixels is None else pixels.nbytes
        while self._bytes > LARGEST_BYTES and len(self._read) > 1:
            _, oldest = self._read.popitem(last=False)
            self._bytes -= 0 if oldest is None else oldest.nbytes


def _read(path: Path, fitted_to: Size | None) -> Pixels | None:
    try:
        pixels = load_picture(path)
    except LichenError:
        return None
    if fitted_to is None:
        return pixels
    return np.asarray(ImageOps.fit(Image.fromarray(pixels), fitted_to, Image.Resampling.LANCZOS))
