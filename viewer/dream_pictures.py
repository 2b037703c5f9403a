"""What prompts of the patch dreamer name: picture files, folders of them, and automata."""

import os
from collections.abc import Callable
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.automaton import Automaton
from exporters.doctor import is_form
from exporters.errors import LichenError
from exporters.gallery import SUFFIX, find_entry, named_entries
from exporters.picture_file import PICTURE_SUFFIXES, load_picture, pictures_in
from viewer.simulation import Simulation

SETTLING_STEPS = 500
# Textures tile, so that a small grid is reference enough.
REFERENCE_GRID_CELLS = (128, 128)
# What a form has room to grow in, along the shorter side.
FORM_GRID_CELLS = 56
# A picture that is smaller has nothing to move into.
SMALLEST_SIDE_PIXELS = 16
# From a folder: more would only wait for each other.
MOST_PICTURES = 6
# A prompt that means the picture that the dream starts from.
START = "start"

Frame = NDArray[np.uint8]
# Asked only where an automaton is to be grown.
OpenContext = Callable[[], moderngl.Context]


def start_picture(source: str, size: tuple[int, int], open_context: OpenContext) -> Frame:
    """Frame 0 [height, width, 3], of `size` (width, height): a picture file or an automaton.

    Raises:
        LichenError: it is neither, or cannot be read.
    """
    if _names_automaton(source):
        return settled_picture(find_entry(source).automaton, size, open_context())
    if not os.path.exists(source):
        raise LichenError(
            f"there is no picture or automaton {source!r} to start from; name a picture file, or "
            "an automaton of `lichen gallery`."
        )
    return _fitted(load_picture(source, SMALLEST_SIDE_PIXELS), size)


def reference_picture(
    prompt: str, start: Frame, size: tuple[int, int], open_context: OpenContext
) -> Frame:
    """What a prompt names: the start, a picture, a folder of pictures side by side, an automaton.

    Raises:
        LichenError: it names none of these, or cannot be read.
    """
    check_prompt(prompt)
    if prompt == START:
        return start
    path = Path(prompt)
    if os.path.isdir(path):
        pictures = pictures_in(path)
        if not pictures:
            raise LichenError(f"the folder {prompt} holds no pictures to dream of.")
        found = [
            _fitted(load_picture(file, SMALLEST_SIDE_PIXELS), size)
            for file in pictures[:MOST_PICTURES]
        ]
        return np.concatenate(found, axis=1)
    if _is_picture_file(prompt):
        return _fitted(load_picture(path, SMALLEST_SIDE_PIXELS), size)
    automaton = find_entry(prompt).automaton
    cells = size if is_form(automaton) else REFERENCE_GRID_CELLS
    return settled_picture(automaton, cells, open_context())


def check_prompt(prompt: str) -> None:
    """Raise LichenError where a prompt names no picture; nothing is opened to find out."""
    names_something = (
        prompt == START
        or os.path.isdir(prompt)  # says no to what is no name at all
        or _is_picture_file(prompt)
        or _names_automaton(prompt)
    )
    if not names_something:
        names = ", ".join(named_entries())
        raise LichenError(
            f"the patch dreamer knows no picture called {prompt!r}; a prompt names a picture "
            f"file, a folder of them, {START!r}, or an automaton: {names}."
        )


def settled_picture(
    automaton: Automaton, size: tuple[int, int], context: moderngl.Context
) -> Frame:
    """What an automaton grows into, [height, width, 3], one cell a pixel.

    Forms would be lost in a large picture: they grow on a grid of their own and are enlarged.
    """
    shrink = min(size) / FORM_GRID_CELLS if is_form(automaton) else 1.0
    width, height = (max(1, round(side / shrink)) for side in size)
    simulation = Simulation(context, automaton, width, height)
    simulation.step(SETTLING_STEPS)
    picture = simulation.read_picture()
    simulation.release()
    return _fitted(picture, size)


def _names_automaton(name: str) -> bool:
    """Whether an automaton of the gallery or a file is called so."""
    return Path(name).suffix == SUFFIX or name in named_entries()


def _is_picture_file(name: str) -> bool:
    return os.path.isfile(name) and Path(name).suffix.lower() in PICTURE_SUFFIXES


def _fitted(picture: Frame, size: tuple[int, int]) -> Frame:
    """The middle of a picture in that size."""
    return np.asarray(ImageOps.fit(Image.fromarray(picture), size, Image.Resampling.LANCZOS))
