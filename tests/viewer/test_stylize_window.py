"""Style transfer in the real window: choose, paint, compare, close the window on it, find it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exporters.automaton_file import save_automaton
from exporters.picture_file import load_picture
from support import still_automaton
from training.stylize.painting_files import checkpoint_path, content_path, picture_path
from viewer.camera import Camera
from viewer.panels import theme
from viewer.stylize_pictures import shrunk
from viewer.stylize_runs import find_paintings
from virtual_screen import PATIENCE_SECONDS, Screen, open_window, wait_until

GROUND, RAISED, HOVERED, ACCENT = (
    tuple(round(level * 255) for level in (colour.x, colour.y, colour.z))
    for colour in (theme.GROUND, theme.RAISED, theme.RAISED_HOVER, theme.ACCENT)
)
# What an automaton of zeros looks like.
GREY = (128, 128, 128)
VIEW = (980, 800)
SIZE_PIXELS = 64
# Places on the screen: the tab, both slots with their galleries, and what lies in those.
STYLE_TAB, CONTENT, STYLE = (1130, 28), (1060, 200), (1210, 200)
CONTENT_GALLERY, STYLE_GALLERY = (1092, 289), (1244, 289)
AGATE, CORAL = (1023, 332), (1092, 332)
# The smallest size, the most iterations, noise, patches; buttons, and a place of the picture.
SMALLEST, LONGEST, NOISE, PATCHES = (1074, 386), (1190, 419), (1232, 452), (1232, 484)
PAINT, HOLD, CLOSE_THE_WINDOW = (1170, 58), (700, 700), (500, 415)


@pytest.fixture
def window(screen: Screen, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`lichen view`, with an automaton that does nothing."""
    save_automaton(still_automaton(), tmp_path / "quiet.safetensors")
    with open_window(screen, tmp_path / "quiet.safetensors") as process:
        screen.wait_for(GREY, (400, 300))
        yield process


def choose(
    screen: Screen, gallery: tuple[int, int], tile: tuple[int, int], slot: tuple[int, int]
) -> None:
    """Take a picture of the gallery into a slot."""
    screen.click(gallery)
    wait_until(lambda: not screen.shows(GROUND, tile), lambda: "the gallery does not open")
    screen.click(tile)
    empty = (GROUND, RAISED, HOVERED)
    wait_until(
        lambda: not any(screen.shows(colour, slot) for colour in empty),
        lambda: f"no picture came to {slot}",
    )


def test_a_painting_is_seen_compared_and_outlives_its_window(
    screen: Screen, window: subprocess.Popen[str]
) -> None:
    screen.click(STYLE_TAB)
    screen.wait_for(ACCENT, PAINT)
    choose(screen, CONTENT_GALLERY, AGATE, CONTENT)
    choose(screen, STYLE_GALLERY, CORAL, STYLE)
    for control in (SMALLEST, LONGEST, NOISE, PATCHES, PAINT):
        screen.click(control)
    wait_until(lambda: bool(find_paintings()), lambda: "nothing is painted")
    (kept,) = find_paintings()
    order = kept.order
    assert kept.name == "agate in coral"
    assert (order.size_pixels, order.iterations) == (SIZE_PIXELS, 1000)
    assert (order.start, order.loss) == ("noise", "patch")

    original = shrunk(load_picture(content_path(order.folder)), SIZE_PIXELS)
    height, width, _ = original.shape
    camera = Camera.fill((width, height), VIEW)
    # Far from the question to come, and from the pointer.
    row, column = height // 4, width // 4
    x, y = camera.cells_to_screen(column + 0.5, row + 0.5, VIEW)
    place, colour = (round(x), round(y)), original[row, column].astype(int)

    def shows_original() -> bool:
        # The pixel's middle is not quite the texel's.
        return bool(np.abs(np.subtract(screen.pixel(*place), colour)).max() <= 12)

    screen.do("mousemove", *HOLD, "sleep", 0.2, "mousedown", 1)
    wait_until(shows_original, lambda: "the original does not show")
    screen.do("mouseup", 1)
    wait_until(
        lambda: not (shows_original() or screen.shows(GREY, place)),
        lambda: "the painting does not come to the view",
    )

    screen.do("key", "ctrl+q")
    screen.wait_for(ACCENT, CLOSE_THE_WINDOW)
    screen.click(CLOSE_THE_WINDOW)
    _, complaints = window.communicate(timeout=PATIENCE_SECONDS)
    assert (window.returncode, complaints) == (0, "")
    wait_until(checkpoint_path(order.folder).is_file, lambda: "the painting is lost")
    (kept,) = find_paintings()
    assert not kept.is_finished and picture_path(order.folder).is_file()
