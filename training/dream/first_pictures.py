"""First pictures from a prompt alone, for dreams that start from nothing else."""

import numpy as np
from PIL import Image

from exporters.errors import LichenError
from training.dream.camera import Picture
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.imagination import Imagination, SpoiltPicture
from training.dream.dreamer import ShouldStop, Tell


class FirstPictures:
    """Turns a prompt into pictures, one for every seed and guidance."""

    def __init__(
        self,
        options: DiffusersOptions,
        size_pixels: tuple[int, int],
        should_stop: ShouldStop,
        tell: Tell = print,
    ) -> None:
        """Open the model; `size_pixels` is width and height.

        Raises:
            LichenError: it cannot be opened.
        """
        self._imagination = Imagination(options, size_pixels, "text to image", should_stop, tell)
        self._size_pixels = size_pixels
        self.description = self._imagination.description

    def imagine(
        self, prompt: str, negative_prompt: str = "", seed: int = 0, guidance: float | None = None
    ) -> Picture:
        """One picture [h, w, 3]; without a guidance the one that suits the model.

        Raises:
            Interrupted: it was asked to stop.
            LichenError: the picture cannot be shown, or the memory does not suffice.
        """
        imagination = self._imagination
        width, height = self._working_size()
        try:
            picture = imagination.picture(
                [(prompt, 1.0)],
                negative_prompt,
                imagination.kind.guidance if guidance is None else guidance,
                seed,
                width=width,
                height=height,
                num_inference_steps=imagination.steps,
            )
        except SpoiltPicture as reason:
            raise LichenError(
                f"there is no picture of seed {seed}: {reason}; take another seed or prompt."
            ) from None
        return _scaled_down(picture, self._size_pixels)

    def _working_size(self) -> tuple[int, int]:
        """Width and height that the model can make, no smaller than what it has learnt to.

        From a prompt alone, models give confused pictures below that.
        """
        multiple = self._imagination.side_multiple_pixels
        learnt_pixels = self._imagination.learnt_side_pixels
        growth = max(1.0, learnt_pixels / max(self._size_pixels))
        width, height = (
            -round(-side * growth // multiple) * multiple for side in self._size_pixels
        )
        return width, height


def _scaled_down(picture: Picture, size_pixels: tuple[int, int]) -> Picture:
    if (picture.shape[1], picture.shape[0]) == size_pixels:
        return picture
    channels = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., channel])).resize(
                size_pixels, Image.Resampling.BOX
            )
        )
        for channel in range(3)
    ]
    scaled: Picture = np.clip(np.stack(channels, axis=2), 0, 1)
    return scaled
