"""What an automaton refuses to be."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from exporters.errors import LichenError
from exporters.seed import Seed
from support import random_automaton, random_filter


def test_the_lesson_has_168_parameters() -> None:
    lesson = replace(random_automaton(4, 8), update_bias=np.zeros(4, np.float32))
    assert lesson.parameter_count == 168
    assert random_automaton(4, 8).parameter_count == 172


def test_sizes_follow_from_the_weights() -> None:
    automaton = random_automaton(5, 7)
    assert (automaton.channels, automaton.hidden) == (5, 7)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"hidden_weight": np.zeros((8, 12), np.float32)}, "hidden_weight has shape"),
        ({"hidden_bias": np.zeros(7, np.float32)}, "hidden_bias has shape"),
        ({"update_weight": np.zeros(8, np.float32)}, "two axes"),
        ({"update_weight": np.zeros((65, 8), np.float32)}, "65 channels"),
        ({"update_weight": np.zeros((4, 5000), np.float32)}, "5000 hidden"),
        ({"update_bias": np.zeros(4)}, "float64"),
        ({"update_bias": np.array([0, 0, np.nan, 0], np.float32)}, "not finite"),
        ({"update_rate": 0.0}, "update rate"),
        ({"update_rate": float("nan")}, "update rate"),
        ({"filter_scales": (1.0, 1.0)}, "filter scales"),
        ({"erase_value": float("inf")}, "erase value"),
        ({"clamp": (1.0, 1.0)}, "clamp"),
        ({"clamp": (float("nan"), 1.0)}, "clamp"),
        ({"display": "sepia"}, "sepia"),
    ],
)
def test_mistakes_are_told(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(LichenError, match=word):
        replace(random_automaton(4, 8), **changes)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"content_channels": 2}, "content channels"),
        ({"update_bias": np.ones(11, np.float32)}, "only be read"),
        ({"update_weight": np.ones((11, 8), np.float32)}, "only be read"),
        ({"alive_masking": True}, "alive masking"),
        ({"clamp": (-0.4, 1.0)}, "must hold content"),
        ({"clamp": (-1.0, 0.4)}, "must hold content"),
        ({"seed": Seed("uniform", -1, 1)}, "zeros"),
    ],
)
def test_a_filter_cannot_be_anything(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(LichenError, match=word):
        replace(random_filter(8, 8), **changes)


def test_a_pictures_channels_fill_a_texture_of_their_own() -> None:
    with pytest.raises(LichenError, match="multiple of 4"):
        random_filter(6, 8)


def test_a_filter_starts_without_a_picture() -> None:
    noise = random_filter(4, 8).start_state(3, 5, random_seed=1, seed=Seed("uniform", 0.25, 1))
    assert noise.shape == (7, 3, 5)
    assert noise[:4].min() >= 0.25
    assert not noise[4:].any()


@pytest.mark.parametrize(
    ("channels", "display"), [(2, "rgb+0.5"), (3, "premultiplied rgba over white")]
)
def test_a_display_needs_its_channels(channels: int, display: Any) -> None:
    with pytest.raises(LichenError, match="channels"):
        replace(random_automaton(channels, 2), display=display)
