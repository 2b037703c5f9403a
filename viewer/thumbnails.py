"""Thumbnails of automata as textures for the panel."""

from pathlib import Path

import moderngl
import numpy as np
from PIL import Image, ImageOps

from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from viewer.picture_textures import create_texture
from viewer.settling import SettlingQueue, settled_path

LOADS_A_FRAME = 12
DAMAGED_PICTURE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


class Thumbnails:
    """One texture for each automaton, as large as it is shown; made when first asked for.

    An automaton that came without a picture is settled in the background to get one.
    """

    def __init__(
        self, context: moderngl.Context, side_pixels: int, settling: SettlingQueue
    ) -> None:
        self._context = context
        self._side_pixels = side_pixels
        self._settling = settling
        self._textures: dict[Path, moderngl.Texture] = {}
        self._without: set[Path] = set()
        self._loads_left = LOADS_A_FRAME

    def begin_frame(self) -> None:
        """Allow a few more pictures to be read: a large folder must not stop the window."""
        self._loads_left = LOADS_A_FRAME

    def texture(self, entry: GalleryEntry) -> int:
        """The texture's name for the panel, or 0 while there is none."""
        known = self._textures.get(entry.path)
        if known is None and entry.path not in self._without and self._loads_left:
            self._loads_left -= 1
            known = self._load(entry)
        return known.glo if known else 0

    def refresh(self, path: Path) -> None:
        """Look again for the picture of an automaton that has settled since."""
        self._without.discard(path)

    def _load(self, entry: GalleryEntry) -> moderngl.Texture | None:
        for source in _sources(entry):
            try:
                texture = self._read(source)
            except DAMAGED_PICTURE:
                continue
            self._textures[entry.path] = texture
            return texture
        self._without.add(entry.path)
        self._settling.request(entry.path)
        return None

    def _read(self, source: Path) -> moderngl.Texture:
        size = (self._side_pixels, self._side_pixels)
        with Image.open(source) as image:
            square = ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS)
        return create_texture(self._context, np.asarray(square))


def _sources(entry: GalleryEntry) -> list[Path]:
    """Where a picture may be: beside the file, or made here before."""
    try:
        return [entry.thumbnail_path, settled_path(entry.path).with_suffix(".png")]
    except LichenError:
        return []
