"""An automaton goes over frames: its grain comes in, the shapes and colours stay."""

from dataclasses import replace

import numpy as np
import pytest

from exporters.errors import LichenError
from exporters.gallery import find_entry
from training.dream.automaton_touch import AutomatonTouched
from training.dream.camera import Picture, resize
from training.dream.journey import FrameSettings, Journey, Stage

SETTINGS = replace(Journey((Stage("start", 4),)).frame(1), strength=1.0)
SIDE = 64
EMBER = find_entry("ember").automaton


class Sleeper:
    """Dreams nothing, so that what comes out is the automaton's doing."""

    description = "nothing"

    def dream(self, frame: Picture, settings: FrameSettings) -> Picture:
        return frame


def halves() -> Picture:
    """Blue on the left, sand on the right."""
    picture = np.full((SIDE, SIDE, 3), (0.2, 0.4, 0.8), np.float32)
    picture[:, SIDE // 2 :] = (0.8, 0.7, 0.5)
    return picture


def test_grain_comes_in_and_shapes_stay() -> None:
    frame = halves()
    few, more = (
        AutomatonTouched(Sleeper(), EMBER, steps).dream(frame, SETTINGS) for steps in (2, 6)
    )
    blue, blue_before = (picture[8:-8, 8 : SIDE // 2 - 8] for picture in (more, frame))
    assert 0.01 < few[8:-8, 8 : SIDE // 2 - 8].std((0, 1)).mean() < blue.std((0, 1)).mean()
    np.testing.assert_allclose(blue.mean((0, 1)), blue_before.mean((0, 1)), atol=0.03)
    small, small_before = (resize(picture, (8, 8)) for picture in (more, frame))
    assert np.abs(small - small_before).mean() < 0.03


def test_strength_is_how_much_of_it() -> None:
    touched = AutomatonTouched(Sleeper(), EMBER, 3)
    changes = [
        float(np.abs(touched.dream(halves(), replace(SETTINGS, strength=by)) - halves()).mean())
        for by in (0.0, 0.3, 0.6)
    ]
    assert changes[0] == 0
    assert changes[2] == pytest.approx(2 * changes[1], rel=0.1)


def test_the_same_frame_and_seed_give_the_same_picture() -> None:
    frame = halves()[:40]
    once, again = (AutomatonTouched(Sleeper(), EMBER, 3).dream(frame, SETTINGS) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    other = AutomatonTouched(Sleeper(), EMBER, 3)
    other.dream(halves(), SETTINGS)
    np.testing.assert_array_equal(other.dream(frame, SETTINGS), once)
    seeded = other.dream(frame, replace(SETTINGS, random_seed=9))
    assert np.abs(seeded - once).mean() > 1e-3


def test_says_who_touches() -> None:
    assert AutomatonTouched(Sleeper(), EMBER, 1).description == "nothing, touched by ember"


def test_forms_and_odd_numbers_are_refused() -> None:
    with pytest.raises(LichenError, match="lizard cannot go over a frame"):
        AutomatonTouched(Sleeper(), find_entry("lizard").automaton, 4)
    with pytest.raises(LichenError, match="1 to 1000 steps a frame, not 0"):
        AutomatonTouched(Sleeper(), EMBER, 0)
