"""All that somebody decides before a dream begins: free of torch, so that a window may order.

A dream lives in a folder: the order, the picture that it starts from, what its prompts name, and
its frames. Nothing else is needed to go on with it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions
from training.dream.journey import Journey
from training.dream.own_options import OwnOptions

SMALLEST_SIDE_PIXELS, LARGEST_SIDE_PIXELS = 32, 2048

Backend = Literal["patch", "diffusers", "own"]


@dataclass(frozen=True)
class AutomatonTouch:
    """An automaton that goes over every frame: so many of its steps, begun from the frame."""

    automaton: Path
    steps: int = 4


@dataclass(frozen=True)
class DreamOrder:
    """Where a dream goes, how large it is and who dreams it.

    `source` is what the user named: a picture, an automaton, or with a prompt alone nothing.
    """

    folder: Path
    journey: Journey
    source: str | None = None
    size_pixels: tuple[int, int] = (256, 256)
    backend: Backend = "patch"
    diffusers: DiffusersOptions = field(default_factory=DiffusersOptions)
    own: OwnOptions = field(default_factory=OwnOptions)
    touch: AutomatonTouch | None = None

    def __post_init__(self) -> None:
        """Raises LichenError for a size that no dream could have."""
        if not all(
            SMALLEST_SIDE_PIXELS <= side <= LARGEST_SIDE_PIXELS for side in self.size_pixels
        ):
            width, height = self.size_pixels
            raise LichenError(
                f"a dream's sides are {SMALLEST_SIDE_PIXELS} to {LARGEST_SIDE_PIXELS} pixels, "
                f"not {width}x{height}."
            )
