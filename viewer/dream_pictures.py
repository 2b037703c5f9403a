"""What prompts of the patch dreamer name: picture files, folders of them, and automata."""

from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.automaton import Automaton
from exporters.errors import LichenError
from exporters.gallery import SUFFIX, find_entry, shipped_entries
from exporters.picture_file import load_picture
from viewer.picture_dialog import PICTURE_SUFFIXES
from viewer.simulation import Simulation

SETTLING_STEPS = 500
# Textures tile, so that a small grid is reference enough.
REFERENCE_GRID_CELLS = (128, 128)
# From a folder: more would only wait for each other.
MOST_PICTURES = 6
# A prompt that means the picture that the dream starts from.
START = "start"

Frame = NDArray[np.uint8]


def start_picture(source: str, size: tuple[int, int], context: moderngl.Context) -> Frame:
    """Frame 0 [height, width, 3], of `size` (width, height): a picture file or an automaton.

    Raises:
        LichenError: it is neither, or cannot be read.
    """
    automaton = _find_automaton(source)
    if automaton is not None:
        return settled_picture(automaton, size, context)
    if not Path(source).exists():
        raise LichenError(
            f"there is no picture or automaton {source!r} to start from; name a picture file, or "
            "an automaton of `lichen gallery`."
        )
    return _fitted(load_picture(Path(source)), size)


def reference_picture(
    prompt: str, start: Frame, size: tuple[int, int], context: moderngl.Context
) -> Frame:
    """What a prompt names: the start, a picture, a folder of pictures side by side, an automaton.

    Raises:
        LichenError: it names none of these.
    """
    if prompt == START:
        return start
    path = Path(prompt)
    if path.is_dir():
        pictures = sorted(
            file for file in path.iterdir() if file.suffix.lower() in PICTURE_SUFFIXES
        )
        if not pictures:
            raise LichenError(f"the folder {prompt} holds no pictures to dream of.")
        found = [_fitted(load_picture(file), size) for file in pictures[:MOST_PICTURES]]
        return np.concatenate(found, axis=1)
    if path.is_file() and path.suffix.lower() in PICTURE_SUFFIXES:
        return _fitted(load_picture(path), size)
    automaton = _find_automaton(prompt)
    if automaton is None:
        names = ", ".join(entry.name for entry in shipped_entries())
        raise LichenError(
            f"the patch dreamer knows no picture called {prompt!r}; a prompt names a picture "
            f"file, a folder of them, {START!r}, or an automaton: {names}."
        )
    return settled_picture(automaton, REFERENCE_GRID_CELLS, context)


def settled_picture(
    automaton: Automaton, size: tuple[int, int], context: moderngl.Context
) -> Frame:
    """What an automaton grows into on a grid of that size, [height, width, 3]."""
    simulation = Simulation(context, automaton, *size)
    simulation.step(SETTLING_STEPS)
    picture = simulation.read_picture()
    simulation.release()
    return picture


def _find_automaton(name: str) -> Automaton | None:
    """An automaton of the gallery or of a file, None where nothing is called so."""
    if Path(name).suffix == SUFFIX or name in {entry.name for entry in shipped_entries()}:
        return find_entry(name).automaton
    return None


def _fitted(picture: Frame, size: tuple[int, int]) -> Frame:
    """The middle of a picture in that size."""
    return np.asarray(ImageOps.fit(Image.fromarray(picture), size, Image.Resampling.LANCZOS))
