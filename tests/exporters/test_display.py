"""How states become pictures."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.alive import alive_cells
from exporters.automaton import Display
from exporters.display import coloured_state, picture
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


@pytest.mark.parametrize("display", ["rgb+0.5", "premultiplied rgba over white"])
@pytest.mark.parametrize("alive_masking", [False, True])
def test_a_coloured_state_shows_its_colours(display: Display, alive_masking: bool) -> None:
    automaton = replace(random_automaton(6, 1), display=display, alive_masking=alive_masking)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    state = coloured_state(automaton, pixels / np.float32(255))
    np.testing.assert_array_equal(picture(automaton, state), pixels)
    assert alive_cells(state).all() or not alive_masking
    assert state.shape == (6, 5, 7) and not state[4:].any()


def test_a_grey_display_takes_red() -> None:
    automaton = replace(random_automaton(1, 1), display="grey")
    state = coloured_state(automaton, np.array([[[0.75, 0, 1]]], np.float32))
    assert state.tolist() == [[[0.25]]]
