"""What becomes of a dream: a frame on the grid, an exemplar, an export, nothing at all."""

import json
from pathlib import Path

import numpy as np
import pytest
from panel_dreamer import SHORT, Dreamer, frames_of

from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path, source_path
from training.dream.order_file import read_order
from viewer import actions
from viewer.dream_actions import DeleteDream, ExportDream, Scrub, StartDream, UseFrame
from viewer.dream_runs import find_dreams
from viewer.training_actions import ShowTab


def test_a_dream_is_deleted_with_all_its_frames(dreamer: Dreamer) -> None:
    folder = dreamer.dream().folder
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    dreamer.ask(DeleteDream(folder))
    assert dreamer.panel.run is None
    dreamer.poll_until(lambda: not folder.exists())
    assert find_dreams() == []


def test_what_is_no_dream_is_never_deleted(dreamer: Dreamer) -> None:
    dreamer.ask(DeleteDream(dreamer.folder))
    dreamer.controller.dream.release()
    dreamer.controller.dream._thread.shutdown(wait=True)
    assert dreamer.picture.is_file()


def test_a_frame_is_sown_on_the_grid_and_taken_back(dreamer: Dreamer) -> None:
    dreamer.dream()
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    simulation = dreamer.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    dreamer.ask(Scrub(2), UseFrame("seed"))
    state = simulation.read_state()
    frame = load_picture(frame_path(dreamer.run.folder, 2))
    assert not state[3:].any()
    means = state[:3].mean((1, 2)) + 0.5
    assert abs(means - frame.mean((0, 1)) / 255).max() < 0.05
    assert dreamer.shown.picture is None
    dreamer.ask(actions.Undo())
    np.testing.assert_allclose(simulation.read_state(), before, atol=1e-3)


def test_a_frame_becomes_an_exemplar_or_the_next_start(dreamer: Dreamer) -> None:
    dreamer.dream()
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    folder = dreamer.run.folder
    dreamer.ask(Scrub(2), UseFrame("exemplar"))
    assert dreamer.controller.training.tab == "train"
    exemplar = folder / "exemplars" / "photo_2.png"
    assert exemplar.read_bytes() == frame_path(folder, 2).read_bytes()
    dreamer.ask(ShowTab("dream"), UseFrame("start"))
    draft = dreamer.panel.draft
    assert (draft.source, draft.picture) == ("picture", frame_path(folder, 2))
    assert draft.name == folder.name, "called like the dream that it comes from"
    assert dreamer.panel.run is None


@pytest.mark.parametrize("suffix", [".gif", ""])
def test_frames_are_exported_with_what_makes_them_again(
    dreamer: Dreamer, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.exporting.export_folder", lambda: dreamer.folder / "out")
    dreamer.dream()
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    dreamer.ask(ExportDream(suffix))
    dreamer.poll_until(lambda: dreamer.controller.exports.state.written is not None)
    place = dreamer.folder / "out" / f"photo{suffix}"
    told = place / "dream.json" if not suffix else place.with_name("photo.gif.json")
    assert json.loads(told.read_text("utf-8"))["stages"] == [["start", SHORT]]
    if suffix:
        assert place.is_file()
    else:
        assert frames_of(place, SHORT) == frames_of(dreamer.run.folder, SHORT)


@pytest.mark.parametrize("suffix", [".gif", ""])
def test_an_export_brings_the_grid_that_its_dream_began_with(
    dreamer: Dreamer, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.exporting.export_folder", lambda: dreamer.folder / "out")
    dreamer.prepare(source="grid")
    dreamer.ask(StartDream())
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    dream = dreamer.run.folder
    grid = source_path(dream).read_bytes()
    dreamer.ask(ExportDream(suffix))
    dreamer.poll_until(lambda: dreamer.controller.exports.state.written is not None)
    place = dreamer.controller.exports.state.written
    assert place is not None
    told = place / "dream.json" if not suffix else place.with_name(f"{place.name}.json")
    order = read_order(told, dreamer.folder)
    assert order.source is not None and Path(order.source).parent != dream
    assert Path(order.source).read_bytes() == grid
