"""The training panel's pictures as textures: the exemplar, and states of the pool."""

from typing import Literal

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.errors import LichenError
from training.protocol import PoolPictures
from viewer.picture_textures import create_texture

Pixels = NDArray[np.uint8]
Use = Literal["draft", "run"]


class TrainingPictures:
    """Uploads each picture once; the textures of those before it are given back."""

    def __init__(
        self, context: moderngl.Context, box_pixels: tuple[int, int], side_pixels: int
    ) -> None:
        """What is prepared is shown as large as fits into a box, (width, height), what a run learns
        as a square."""
        self._context = context
        self._box_pixels, self._side_pixels = box_pixels, side_pixels
        self._shown: dict[Use, Pixels | None] = {"draft": None, "run": None}
        self._exemplars: dict[Use, list[moderngl.Texture]] = {"draft": [], "run": []}
        self._pool: PoolPictures | None = None
        self._pool_textures: list[moderngl.Texture] = []

    def exemplar(self, use: Use, pixels: Pixels | None) -> int:
        """The texture's name for the panel, 0 for none; that of a run is cut to a square."""
        if pixels is not self._shown[use]:
            self._shown[use] = pixels
            scaled = [] if pixels is None else [self._scale(use, pixels)]
            self._exemplars[use] = self._replace(self._exemplars[use], scaled)
        textures = self._exemplars[use]
        return textures[0].glo if textures else 0

    def pool(self, message: PoolPictures | None) -> tuple[int, ...]:
        """The names of the pool's textures; damaged pictures are none."""
        if message is not self._pool:
            self._pool = message
            try:
                pictures = [] if message is None else list(message.pictures())
            except LichenError:
                pictures = []
            self._pool_textures = self._replace(self._pool_textures, pictures)
        return tuple(texture.glo for texture in self._pool_textures)

    def _scale(self, use: Use, pixels: Pixels) -> Pixels:
        image = Image.fromarray(pixels)
        if use == "run":
            image = ImageOps.fit(image, (self._side_pixels,) * 2, Image.Resampling.LANCZOS)
        else:
            image.thumbnail(self._box_pixels, Image.Resampling.LANCZOS)
        return np.asarray(image)

    def _replace(
        self, old: list[moderngl.Texture], pictures: list[Pixels]
    ) -> list[moderngl.Texture]:
        for texture in old:
            texture.release()
        return [create_texture(self._context, pixels) for pixels in pictures]
