"""What every backend of a dream has in common."""

from collections.abc import Callable
from typing import Protocol

from training.dream.camera import Picture
from training.dream.journey import FrameSettings

# Asked again and again while a frame is made; True means: give it up.
ShouldStop = Callable[[], bool]
# Takes a sentence for the user to read, such as why a frame was left as it was.
Tell = Callable[[str], None]


class Interrupted(Exception):
    """Raised by a dreamer within a frame once it should stop; that frame is lost, no other."""


class Dreamer(Protocol):
    """Re-imagines one frame at a time; `description` says honestly what it is."""

    description: str

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        """The zoomed frame [h, w, 3] under the prompts, strength and random seed of `settings`.

        The same frame and settings give the same picture.

        Raises:
            Interrupted: it was asked to stop.
        """
        ...
