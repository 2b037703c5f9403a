"""What every backend of a dream has in common."""

from typing import Protocol

from training.dream.camera import Picture
from training.dream.journey import FrameSettings


class Dreamer(Protocol):
    """Re-imagines one frame at a time; `description` says honestly what it is."""

    description: str

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The zoomed frame [h, w, 3] under the prompts, strength and random seed of `settings`.

        The same frame and settings give the same picture.
        """
        ...
