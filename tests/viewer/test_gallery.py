"""What ships must be complete, alive, like its exemplar, and able to heal."""

import moderngl
import pytest

from exporters.gallery import GalleryEntry, shipped_entries
from exporters.picture_file import load_picture
from viewer.stability import (
    LARGEST_AGEING,
    LARGEST_CLAMPED_SHARE,
    LARGEST_SCAR,
    Rollout,
    measure_stability,
)

ENTRIES = shipped_entries()
QUICK = Rollout(side_cells=64, settled_steps=400, old_steps=600, healing_steps=250)
# On a grid this small chance alone moves the distances; `make soak` holds the real bounds.
QUICK_SLACK = 1.4


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


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_stays_and_heals_for_a_while(context: moderngl.Context, entry: GalleryEntry) -> None:
    exemplar = load_picture(entry.exemplar_path)
    report = measure_stability(context, entry.automaton, exemplar, QUICK)
    assert report.settled_distance < exemplar.std() / 3
    assert report.ageing <= LARGEST_AGEING * QUICK_SLACK
    assert report.scar <= LARGEST_SCAR * QUICK_SLACK
    assert report.clamped_share < LARGEST_CLAMPED_SHARE


@pytest.mark.soak
@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_is_sound_at_twenty_thousand_steps(context: moderngl.Context, entry: GalleryEntry) -> None:
    exemplar = load_picture(entry.exemplar_path)
    report = measure_stability(context, entry.automaton, exemplar, Rollout())
    assert not report.problems, report
