"""How states become pictures."""

from dataclasses import replace

import numpy as np

from exporters.display import picture
from support import random_automaton


def show(display: str, *cell: float) -> list[int]:
    automaton = replace(random_automaton(4, 1), display=display)  # type: ignore[arg-type]
    state = np.array(cell, np.float32).reshape(-1, 1, 1)
    return picture(automaton, state)[0, 0].tolist()


def test_rgb_is_centred_on_grey() -> None:
    assert show("rgb+0.5", -0.5, 0.0, 0.5, 9.0) == [0, 128, 255]


def test_values_beyond_black_and_white_are_cut_off() -> None:
    assert show("rgb+0.5", -3.0, 0.1, 3.0, 0.0) == [0, 153, 255]


def test_grey_shows_the_first_channel() -> None:
    assert show("grey", 0.1, 5.0, 5.0, 5.0) == [153, 153, 153]


def test_premultiplied_colour_lies_over_white() -> None:
    assert show("premultiplied rgba over white", 0.0, 0.0, 0.0, 0.0) == [255, 255, 255]
    assert show("premultiplied rgba over white", 0.2, 0.4, 0.6, 1.0) == [51, 102, 153]
    assert show("premultiplied rgba over white", 0.1, 0.2, 0.3, 0.5) == [153, 179, 204]
