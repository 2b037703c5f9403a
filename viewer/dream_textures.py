"""The dream panel's small pictures as textures: one upload a frame at most."""

from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from viewer.picture_reader import PictureReader

# A long evening of scrubbing needs no more; the oldest are given back.
MOST_THUMBNAILS = 96


class DreamTextures:
    """Uploads each thumbnail once, when its picture has been read."""

    def __init__(self, context: moderngl.Context, side_pixels: int) -> None:
        """Thumbnails are squares of that side."""
        self._context = context
        self._side_pixels = side_pixels
        self._textures: dict[Path, tuple[NDArray[np.uint8], moderngl.Texture]] = {}
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
        texture = self._context.texture(
            (self._side_pixels, self._side_pixels), 3, pixels.tobytes(), alignment=1
        )
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._textures[path] = pixels, texture
        return texture.glo

    def _forget(self, path: Path) -> None:
        old = self._textures.pop(path, None)
        if old is not None:
            old[1].release()
