"""A page's step in a real browser, on every kind of texture: as the reference has it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from web_page import OpenPage, read_state, start_over

from exporters import eight_bit, reference
from exporters.display import picture
from exporters.gallery import find_entry
from exporters.patch_distance import patch_distance
from exporters.seed import Seed, seed_state
from support import random_automaton

NOISE = Seed("uniform", -1.0, 1.0)
AUTOMATA = [
    replace(random_automaton(4, 8, clamp=(-0.5, 0.5)), seed=NOISE),
    replace(random_automaton(12, 96, filter_scales=(1.0, 0.125, 0.5, 0.0625)), seed=NOISE),
    replace(random_automaton(2, 5, update_rate=0.3), seed=Seed("single cell")),
    replace(random_automaton(16, 8), seed=NOISE),
    replace(random_automaton(9, 8, alive_masking=True), seed=Seed("uniform", -0.5, 0.2)),
]
# By the address; then what the page says, and the bounds of the error after 8 steps and of the
# seed. Measured: 2e-7, 6e-3 and 1e-7.
PRECISIONS = [
    ("float", "float32", 1e-4, 1e-7),
    ("half", "half float", 2e-2, 1e-3),
    ("8bit", "8 bits", 1e-4, 1e-6),
]


@pytest.mark.parametrize(("key", "name", "bound", "seed_bound"), PRECISIONS)
def test_eight_steps_equal_the_reference(
    key: str, name: str, bound: float, seed_bound: float, open_page: OpenPage
) -> None:
    run = eight_bit.run if key == "8bit" else reference.run
    opened = open_page(*AUTOMATA, address=f"#precision={key}")
    for index, automaton in enumerate(AUTOMATA):
        opened.evaluate(f"lichen.choose({index})")
        assert opened.evaluate("lichen.simulation.precision.name") == name
        start_over(opened, width=20, height=14, random_seed=2**32 - 5)
        state = seed_state(automaton.seed, automaton.channels, 14, 20, 2**32 - 5)
        expected = run(automaton, state, 0, random_seed=2**32 - 5)
        assert np.abs(read_state(opened) - expected).max() <= seed_bound
        opened.evaluate("lichen.simulation.step(8)")
        expected = run(automaton, state, 8, random_seed=2**32 - 5)
        assert np.abs(read_state(opened) - expected).max() < bound


@pytest.fixture(scope="module")
def old_state() -> NDArray[np.float32]:
    coral = find_entry("coral_small").automaton
    return reference.run(coral, seed_state(coral.seed, coral.channels, 48, 48), 500)


@pytest.mark.parametrize("key", ["float", "half", "8bit"])
def test_five_hundred_steps_grow_the_same_texture(
    key: str, old_state: NDArray[np.float32], open_page: OpenPage
) -> None:
    coral = find_entry("coral_small").automaton
    opened = open_page(coral, address=f"#precision={key}")
    start_over(opened, 48, 48, 0)
    opened.evaluate("lichen.simulation.step(500)")
    grown = read_state(opened)
    # Other random seeds of the reference differ by 0.03, by 10 % and by 9 grey levels; the halves
    # of one grid differ by 14 grey levels.
    assert np.abs(grown.mean(axis=(1, 2)) - old_state.mean(axis=(1, 2))).max() < 0.04
    np.testing.assert_allclose(grown.std(axis=(1, 2)), old_state.std(axis=(1, 2)), rtol=0.15)
    assert patch_distance(picture(coral, grown), picture(coral, old_state)) < 12


def test_without_textures_of_fractions_it_runs_in_eight_bits(open_page: OpenPage) -> None:
    without = "WebGL2RenderingContext.prototype.getExtension = () => null"
    first, second = (replace(random_automaton(4, 8), name=name) for name in ("moss", "bark"))
    opened = open_page(first, second, need_float=(second,), setup=without)
    assert opened.evaluate("lichen.simulation.precision.name") == "8 bits"
    assert not opened.locator("#notice").is_visible()
    opened.get_by_role("button", name="bark").click()
    assert "needs float" in opened.locator("#notice").inner_text()


def test_nothing_is_said_where_floats_are_there(open_page: OpenPage) -> None:
    moss = random_automaton(4, 8)
    opened = open_page(moss, need_float=(moss,))
    assert opened.evaluate("lichen.simulation.precision.name") == "float32"
    assert not opened.locator("#notice").is_visible()


def test_a_precision_that_there_is_not_is_told(open_page: OpenPage) -> None:
    opened = open_page(random_automaton(4, 8), address="#precision=double")
    assert "cannot draw into such textures" in opened.inner_text("#status")
