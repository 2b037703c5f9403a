"""The textures that ship must be complete, alive, like their exemplars, and able to heal."""

import moderngl
import numpy as np
import pytest

from exporters.gallery import GalleryEntry, shipped_entries
from exporters.picture_file import load_picture
from exporters.texture_stability import SettledTexture
from viewer.stability import check_stability

ENTRIES = [entry for entry in shipped_entries() if not entry.automaton.alive_masking]
# `make soak` checks all of them in full; coral_small is checked quickly by test_stability.
TEXTURES = [entry for entry in ENTRIES if not entry.automaton.content_channels]
CHECKED_QUICKLY = [entry for entry in ENTRIES if entry.name == "ember"]


def names(entries: list[GalleryEntry]) -> list[str]:
    return [entry.name for entry in entries]


def test_there_are_enough() -> None:
    assert len(ENTRIES) >= 6


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_says_where_it_comes_from(entry: GalleryEntry) -> None:
    credits = entry.automaton.credits
    assert entry.automaton.name == entry.name
    assert credits.author
    assert credits.licence
    assert credits.exemplar_licence
    assert credits.training_command.startswith("lichen train")
    assert "--seed" in credits.training_command
    assert "/" not in credits.training_command
    assert load_picture(entry.exemplar_path, smallest_side_pixels=64).std() > 10


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_preview_resembles_the_exemplar(entry: GalleryEntry) -> None:
    preview, exemplar = load_picture(entry.thumbnail_path), load_picture(entry.exemplar_path)
    assert preview.shape == (128, 128, 3)
    assert abs(preview.mean(axis=(0, 1)) - exemplar.mean(axis=(0, 1))).max() < 25


@pytest.mark.parametrize("entry", TEXTURES, ids=names(TEXTURES))
def test_the_check_would_see_it_turn_a_fifth_paler(entry: GalleryEntry) -> None:
    settled = load_picture(entry.thumbnail_path)
    texture = SettledTexture(settled, load_picture(entry.exemplar_path))
    grey = settled.mean(axis=(0, 1))
    paler = (grey + 0.8 * (settled - grey)).astype(np.uint8)
    assert texture.drift(settled)[0] <= 1 < texture.drift(paler)[0]


@pytest.mark.parametrize("entry", CHECKED_QUICKLY, ids=names(CHECKED_QUICKLY))
def test_holds_for_a_while(context: moderngl.Context, entry: GalleryEntry) -> None:
    verdict = check_stability(context, entry.automaton, quick=True).verdict
    assert verdict.is_sound, str(verdict)


@pytest.mark.soak
@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_is_sound_at_twenty_thousand_steps(context: moderngl.Context, entry: GalleryEntry) -> None:
    exemplar = load_picture(entry.exemplar_path)
    verdict = check_stability(context, entry.automaton, exemplar).verdict
    assert verdict.is_sound, str(verdict)
