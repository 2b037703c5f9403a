"""The growing forms that ship: grown from one cell, cut, swiped over, old, and still themselves."""

import re

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from exporters.form_stability import changed_share
from exporters.gallery import GalleryEntry, find_entry, shipped_entries
from exporters.picture_file import load_cutout, load_picture
from training.form import load_form
from viewer.painting import Erase, Stroke
from viewer.simulation import Simulation

FORMS = [entry for entry in shipped_entries() if entry.automaton.alive_masking]
SIDE_CELLS = 96
GROWN_STEPS = 150
# Less than half of what the doctor lets pass: the gallery shows how well it can be done.
LARGEST_CHANGE = 0.15
HEALING_STEPS = 300
SWIPES = 5
SWIPE_RADIUS_CELLS = 4.0

State = NDArray[np.float32]


def names(entries: list[GalleryEntry]) -> list[str]:
    return [entry.name for entry in entries]


def goal(entry: GalleryEntry) -> State:
    """What the form was trained to be, in the middle of the test's grid, [4, h, w]."""
    size = re.search(r"--size (\d+)", entry.automaton.credits.training_command)
    size_cells = int(size[1]) if size else 40
    form = load_form(entry.exemplar_path, size_cells, SIDE_CELLS)
    return form.permute(2, 0, 1).numpy()


def grow(context: moderngl.Context, entry: GalleryEntry) -> Simulation:
    simulation = Simulation(context, entry.automaton, SIDE_CELLS, SIDE_CELLS)
    assert (simulation.read_state()[3] > 0).sum() == 1
    simulation.step(GROWN_STEPS)
    return simulation


def swipe(simulation: Simulation, index: int) -> None:
    """Draw the eraser through the middle, each time in another direction."""
    middle, angle = SIDE_CELLS / 2, 0.3 + index * np.pi / SWIPES
    reach = np.array([np.cos(angle), np.sin(angle)]) * SIDE_CELLS / 2.5
    start, end = middle - reach, middle + reach
    simulation.paint(Stroke(tuple(start), tuple(end), SWIPE_RADIUS_CELLS), Erase())


def test_the_lizard_is_among_them() -> None:
    assert "lizard" in names(FORMS)


@pytest.mark.parametrize("entry", FORMS, ids=names(FORMS))
def test_says_where_it_comes_from(entry: GalleryEntry) -> None:
    credits = entry.automaton.credits
    assert entry.automaton.name == entry.name
    assert credits.author and credits.licence
    assert credits.exemplar_licence == "Apache-2.0"
    assert credits.training_command.startswith("lichen train --grow")
    assert "--seed" in credits.training_command
    assert "/" not in credits.training_command
    assert load_cutout(entry.exemplar_path)[..., 3].min() == 0
    assert load_picture(entry.thumbnail_path).std() > 10


def test_the_lizard_grows_and_heals(context: moderngl.Context) -> None:
    entry = find_entry("lizard")
    form, simulation = goal(entry), grow(context, entry)
    assert changed_share(form, simulation.read_state()) < LARGEST_CHANGE
    state = simulation.read_state()
    state[:, :, SIDE_CELLS // 2 :] = 0
    assert changed_share(form, state) > LARGEST_CHANGE
    simulation.write_state(state)
    simulation.step(HEALING_STEPS)
    assert changed_share(form, simulation.read_state()) < LARGEST_CHANGE


@pytest.mark.soak
@pytest.mark.parametrize("entry", FORMS, ids=names(FORMS))
def test_survives_five_swipes(context: moderngl.Context, entry: GalleryEntry) -> None:
    form, simulation = goal(entry), grow(context, entry)
    for index in range(SWIPES):
        swipe(simulation, index)
        simulation.step(HEALING_STEPS)
        assert changed_share(form, simulation.read_state()) < LARGEST_CHANGE, f"swipe {index + 1}"


@pytest.mark.soak
@pytest.mark.parametrize("half", ["left", "right", "upper", "lower"])
@pytest.mark.parametrize("entry", FORMS, ids=names(FORMS))
def test_half_of_it_becomes_whole(
    context: moderngl.Context, entry: GalleryEntry, half: str
) -> None:
    form, simulation = goal(entry), grow(context, entry)
    state, middle = simulation.read_state(), SIDE_CELLS // 2
    lost = {
        "left": np.s_[:, :, :middle],
        "right": np.s_[:, :, middle:],
        "upper": np.s_[:, :middle],
        "lower": np.s_[:, middle:],
    }[half]
    state[lost] = 0
    simulation.write_state(state)
    simulation.step(HEALING_STEPS)
    assert changed_share(form, simulation.read_state()) < LARGEST_CHANGE


@pytest.mark.soak
@pytest.mark.parametrize("entry", FORMS, ids=names(FORMS))
def test_is_itself_at_five_thousand_steps(context: moderngl.Context, entry: GalleryEntry) -> None:
    form, simulation = goal(entry), grow(context, entry)
    simulation.step(5_000 - GROWN_STEPS)
    assert changed_share(form, simulation.read_state()) < LARGEST_CHANGE
