"""The baked shader as text; tests/viewer/test_equivalence.py runs it."""

import re
from dataclasses import replace

import numpy as np
import pytest

from exporters.baker import bake, texture_count
from exporters.errors import LichenError
from exporters.shader_source import BROWSER_VERSION, DESKTOP_VERSION
from support import random_automaton, shader_complaints

SIZES = [(1, 1), (2, 3), (3, 8), (4, 8), (5, 1), (8, 7), (12, 96), (13, 4), (16, 128)]


@pytest.mark.parametrize("version", [DESKTOP_VERSION, BROWSER_VERSION])
@pytest.mark.parametrize(("channels", "hidden"), SIZES)
def test_any_size_is_strictly_valid(channels: int, hidden: int, version: str) -> None:
    source = bake(random_automaton(channels, hidden, clamp=(-2, 2)), version)
    assert source.startswith(f"#version {version}\n")
    assert shader_complaints(source, "frag") == ""


def test_extreme_numbers_are_strictly_valid() -> None:
    extremes = np.array([[3.4e38, -1e-38], [0, 1e20], [1, -7]], np.float32)
    automaton = replace(
        random_automaton(3, 2, update_rate=1e-7, clamp=(-1e30, 1e-30)), update_weight=extremes
    )
    assert shader_complaints(bake(automaton, BROWSER_VERSION), "frag") == ""


def test_literals_read_back_as_the_same_weights() -> None:
    automaton = random_automaton(4, 4)
    layers = bake(automaton).partition("void update")[2].partition("uint pcg")[0]
    literals = {np.float32(number) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", layers)}
    for weight in (automaton.hidden_weight, automaton.hidden_bias, automaton.update_weight):
        assert literals.issuperset(weight.ravel().tolist())


def test_same_automaton_same_text() -> None:
    assert bake(random_automaton(6, 10)) == bake(random_automaton(6, 10))


@pytest.mark.parametrize(("channels", "textures"), [(1, 1), (4, 1), (5, 2), (16, 4)])
def test_four_channels_share_a_texture(channels: int, textures: int) -> None:
    assert texture_count(channels) == textures
    assert f"#define TEXTURES {textures}\n" in bake(random_automaton(channels, 2))


def test_more_channels_than_a_pass_can_write_are_refused() -> None:
    automaton = replace(random_automaton(17, 2), name="moss")
    with pytest.raises(LichenError, match="moss has 17 channels, a shader writes at most 16"):
        bake(automaton)


def test_weights_that_overflow_when_scaled_are_refused() -> None:
    automaton = random_automaton(4, 8, filter_scales=(1, 1, 1, 3e38))
    with pytest.raises(LichenError, match="exceed float32"):
        bake(replace(automaton, hidden_weight=automaton.hidden_weight + 10))
