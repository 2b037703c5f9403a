"""Dreams with a diffusion model that the user trained on pictures of their own.

Every frame is noised as far as its strength says, and the noise taken away again: Meng et al.,
"SDEdit: Guided Image Synthesis and Editing with Stochastic Differential Equations" (2022).
"""

import torch
from torch import Tensor

from exporters.errors import LichenError
from training.dream.camera import Picture
from training.dream.dreamer import ShouldStop
from training.dream.journey import FrameSettings
from training.dream.own.model_file import load_model
from training.dream.own.noise import denoising_levels
from training.dream.own.precision import in_precision
from training.dream.own.sampler import draw_noise, go_down, to_pictures
from training.dream.own_options import OwnOptions
from training.prepare import find_device


class OwnDreamer:
    """Goes over whole frames of any size as over the patches that it was trained on."""

    def __init__(self, options: OwnOptions, should_stop: ShouldStop = lambda: False) -> None:
        """Raises LichenError where there is no model, or the device cannot be used."""
        if options.model is None:
            raise LichenError(
                "name the model that is to dream; `lichen train-dreamer` makes one of pictures."
            )
        self._options = options
        self._should_stop = should_stop
        self._device = find_device(options.device)
        self._model = load_model(options.model, self._device)
        self.description = (
            f"a small diffusion model trained on {self._model.facts.pictures}; it hears no prompts"
        )

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """Re-imagine a frame [h, w, 3]; prompts and guidance mean nothing to this model.

        Raises:
            Interrupted: it was asked to stop, between two steps.
        """
        if settings.strength == 0:
            return frame
        clean = torch.from_numpy(frame).permute(2, 0, 1)[None] * 2 - 1
        # Noise that stayed the same from frame to frame would stream out of the vanishing point.
        noise = draw_noise(tuple(clean.shape), settings.random_seed)
        levels = self._levels(settings.strength)
        return self._go_down(clean + levels[0] * noise, levels)

    def imagine(self, size_pixels: tuple[int, int], seed: int) -> Picture:
        """A picture [h, w, 3] of `size_pixels` (width, height) out of nothing but noise.

        Raises:
            Interrupted: it was asked to stop, between two steps.
        """
        width, height = size_pixels
        levels = self._levels(1.0)
        return self._go_down(levels[0] * draw_noise((1, 3, height, width), seed), levels)

    def _levels(self, strength: float) -> Tensor:
        return denoising_levels(self._model.facts.schedule, self._options.steps, strength)

    def _go_down(self, noised: Tensor, levels: Tensor) -> Picture:
        with in_precision("auto", self._device):
            clean = go_down(
                self._model.denoiser.denoise,
                noised.to(self._device),
                levels.to(self._device),
                self._options.sampler,
                self._should_stop,
            )
        picture: Picture = to_pictures(clean)[0]
        return picture
