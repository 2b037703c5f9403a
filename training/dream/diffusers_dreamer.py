"""Dreams with a diffusion model: every frame is noised a little and denoised under the prompts.

Image to image as in Meng et al., "SDEdit: Guided Image Synthesis and Editing with Stochastic
Differential Equations" (ICLR 2022), with any Stable Diffusion model that diffusers can open.
"""

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from exporters.picture_file import load_picture
from training.dream.camera import Picture
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.imagination import Imagination, SpoiltPicture
from training.dream.diffusion.picture_guidance import PictureGuidance, StructureLoss, Term
from training.dream.dreamer import ShouldStop, Tell
from training.dream.journey import FrameSettings
from training.dream.schedule import Schedule
from training.eye.network import load_eye
from training.losses.ot import OptimalTransportLoss
from training.networks.feature_network import FeatureNetwork


class DiffusersDreamer:
    """Re-imagines frames with a diffusion model."""

    def __init__(
        self,
        options: DiffusersOptions,
        size_pixels: tuple[int, int],
        should_stop: ShouldStop,
        tell: Tell,
    ) -> None:
        """Open the model; `size_pixels` is width and height of the frames.

        Raises:
            LichenError: the model or a guiding picture cannot be opened.
        """
        content = _guide(options.content_image, size_pixels)
        style = _guide(options.style_image, size_pixels)
        self._imagination = Imagination(options, size_pixels, "image to image", should_stop, tell)
        self._tell = tell
        self.description = self._imagination.description
        terms = []
        if content is not None:
            structure = StructureLoss(self._as_frames_are(content)[0], self._eye())
            terms.append(Term(structure, Schedule(options.content_guidance)))
        if style is not None:
            texture = OptimalTransportLoss(self._as_frames_are(style)[0], self._eye())
            terms.append(Term(texture, Schedule(options.style_guidance)))
        self._guidance = PictureGuidance(terms, self._imagination.pipeline.vae)

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The frame [h, w, 3] under the prompts; a strength of 0 leaves it as it is.

        A picture that cannot be shown is told of, and the frame stays as it is.

        Raises:
            Interrupted: it was asked to stop, which takes no longer than a block of a network.
            LichenError: the memory does not suffice.
        """
        if settings.strength == 0:
            return frame
        imagination = self._imagination
        steps, strength = imagination.split_steps(settings.strength)
        height, width = frame.shape[:2]
        guiding = self._guidance.guiding(
            imagination.pipeline.scheduler,
            settings.index,
            settings.frame_count,
            settings.random_seed,
        )
        try:
            with guiding:
                picture = imagination.picture(
                    settings.prompts,
                    settings.negative_prompt,
                    settings.guidance,
                    settings.random_seed,
                    image=self._as_frames_are(frame),
                    num_inference_steps=steps,
                    strength=strength,
                )
        except SpoiltPicture as reason:
            self._tell(f"frame {settings.index} stays as the one before: {reason}.")
            return frame
        return picture[:height, :width]

    def _as_frames_are(self, picture: Picture) -> Tensor:
        """A picture as the model takes it, [1, 3, h, w], mirrored at the right and below."""
        multiple = self._imagination.side_multiple_pixels
        rows, columns = (-side % multiple for side in picture.shape[:2])
        extended = np.pad(picture, ((0, rows), (0, columns), (0, 0)), mode="symmetric")
        batch = torch.from_numpy(extended).permute(2, 0, 1)[None]
        return batch.to(self._imagination.pipeline.device)

    def _eye(self) -> FeatureNetwork:
        return load_eye().to(self._imagination.pipeline.device)


def _guide(path: Path | None, size_pixels: tuple[int, int]) -> Picture | None:
    """The middle of a picture file in that size, [h, w, 3]."""
    if path is None:
        return None
    image = Image.fromarray(load_picture(path))
    fitted = ImageOps.fit(image, size_pixels, Image.Resampling.LANCZOS)
    return np.asarray(fitted, np.float32) / np.float32(255)
