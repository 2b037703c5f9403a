"""The panel's small pictures as textures."""

from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from viewer.picture_reader import PictureReader

# A long evening of scrubbing needs no more; the oldest are given back.
MOST_THUMBNAILS = 96

Pixels = NDArray[np.uint8]


def create_texture(context: moderngl.Context, pixels: Pixels) -> moderngl.Texture:
    """A picture [height, width, 3] to be shown about as large as it is."""
    height, width, _ = pixels.shape
    texture = context.texture((width, height), 3, pixels.tobytes(), alignment=1)
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    return texture


class PictureTextures:
    """Thumbnails of picture files: each uploaded once, when it has been read, one a frame."""

    def __init__(self, context: moderngl.Context, side_pixels: int) -> None:
        """Thumbnails are squares of that side."""
        self._context = context
        self._side_pixels = side_pixels
        self._textures: dict[Path, tuple[Pixels, moderngl.Texture]] = {}
        self._may_upload = True

    def begin_frame(self, may_upload: bool) -> None:
        """Allow one more upload, unless the view has just had one."""
        self._may_upload = may_upload

    def thumbnail(self, reader: PictureReader, path: Path) -> int:
        """The texture's name for the panel, 0 while there is none."""
        pixels = reader.picture(path, (self._side_pixels, self._side_pixels))
        known = self._textures.get(path)
        if known is not None and (pixels is None or known[0] is pixels or not self._may_upload):
            return known[1].glo
        if pixels is None or not self._may_upload:
            return 0
        self._may_upload = False
        self._forget(path)
        if len(self._textures) >= MOST_THUMBNAILS:
            self._forget(next(iter(self._textures)))
        texture = create_texture(self._context, pixels)
        self._textures[path] = pixels, texture
        return texture.glo

    def _forget(self, path: Path) -> None:
        old = self._textures.pop(path, None)
        if old is not None:
            old[1].release()


class PixelTextures:
    """Pictures that are in memory, one for each use; uploaded when they change."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._shown: dict[str, Pixels] = {}
        self._textures: dict[str, moderngl.Texture] = {}

    def texture(self, use: str, pixels: Pixels | None) -> int:
        """The texture's name for the panel, 0 for no picture."""
        if pixels is not self._shown.get(use):
            if use in self._textures:
                self._textures.pop(use).release()
                del self._shown[use]
            if pixels is not None:
                self._textures[use] = create_texture(self._context, pixels)
                self._shown[use] = pixels
        return self._textures[use].glo if use in self._textures else 0
