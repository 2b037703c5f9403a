"""Content: a picture that an automaton sees but never changes, which makes it a living filter.

It lies in the state's last channels as colour - 0.5. No weight leads there, so that a backend needs
to know nothing of it but where to write the picture.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.seed import UnitNoise, hashed_unit_noise

if TYPE_CHECKING:
    from exporters.automaton import Automaton

CONTENT_CHANNELS = 3
EXAMPLE_PATH = Path(__file__).parent / "gallery" / "content" / "example.jpg"
# The picture then has a texture of its own, apart from what seeds, wounds and paint may change.
OWN_CHANNELS_MULTIPLE = 4

# For whoever runs an export: what they have to do themselves.
INSTRUCTION = (
    "The last three channels hold the picture that it filters: red, green and blue, 0 to 1, each "
    "less 0.5. Write it there before the first step, and again whenever it changes or all channels "
    "were erased; no step changes it."
)


def write_content(state: NDArray[np.float32], picture: NDArray[np.float32]) -> None:
    """Put a picture [height, width, 3], 0 to 1, into a state [channels, height, width]."""
    state[-CONTENT_CHANNELS:] = picture.transpose(2, 0, 1) - np.float32(0.5)


def furnished_state(
    automaton: "Automaton",
    height: int,
    width: int,
    random_seed: int = 0,
    unit_noise: UnitNoise = hashed_unit_noise,
) -> NDArray[np.float32]:
    """What a grid holds before step 0, [channels, height, width], a filter's example with it."""
    state = automaton.start_state(height, width, random_seed, unit_noise=unit_noise)
    if automaton.content_channels:
        write_content(state, example_picture(height, width))
    return state


def example_picture(height: int, width: int) -> NDArray[np.float32]:
    """What a filter is shown where nobody gave it a picture, [height, width, 3], 0 to 1."""
    with Image.open(EXAMPLE_PATH) as picture:
        return fitted(picture, width, height)


def fitted(picture: Image.Image, width: int, height: int) -> NDArray[np.float32]:
    """The middle of a picture on a grid of that size, [height, width, 3], 0 to 1."""
    small = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    return np.asarray(small, np.float32) / np.float32(255)
