"""What becomes of a painting: saved, sown, an exemplar, the start of a dream, deleted."""

import numpy as np
import pytest
from fake_stylize_worker import FIRST_ITERATIONS, LARGE_SCALE, SIZE
from panel_painter import ITERATIONS, Painter

from exporters.picture_file import load_picture
from viewer import actions
from viewer.dream_actions import ChangeDream
from viewer.dream_draft import DreamDraft
from viewer.stylize_actions import DeletePainting, PausePainting, SavePainting, UsePainting
from viewer.stylize_runs import find_paintings

LARGE_SHAPE = (LARGE_SCALE * SIZE[1], LARGE_SCALE * SIZE[0], 3)


def test_it_is_saved_among_the_pictures_or_anywhere(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.screenshots.pictures_folder", lambda: painter.folder / "pictures")
    painter.paint()
    painter.poll_until(lambda: painter.grey() == ITERATIONS)
    painter.ask(SavePainting())
    (saved,) = (painter.folder / "pictures").iterdir()
    assert saved.name.startswith("photo in weave") and str(saved) in painter.told
    assert (load_picture(saved) == ITERATIONS).all()
    place = painter.folder / "anywhere"
    dialogs = painter.controller.painting._dialogs
    monkeypatch.setattr(dialogs, "poll", iter([(SavePainting(True), place), *[None] * 9]).__next__)
    painter.controller.poll()
    assert (load_picture(place.with_name("anywhere.png")) == ITERATIONS).all()


def test_no_file_is_replaced_that_the_dialog_has_not_asked_about(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.paint()
    painter.poll_until(lambda: painter.grey() == ITERATIONS)
    place = painter.folder / "mine.png"
    chosen = iter([(SavePainting(True), path) for path in (place.with_suffix(""), place)])
    place.write_text("dear to me")
    monkeypatch.setattr(painter.controller.painting._dialogs, "poll", lambda: next(chosen, None))
    painter.controller.poll()
    assert "is there already" in painter.told and place.read_text() == "dear to me"
    painter.controller.poll()
    assert (load_picture(place) == ITERATIONS).all()


def test_a_large_painting_is_used_as_large_as_it_is(painter: Painter) -> None:
    painter.paint("paint_large")
    painter.poll_until(lambda: painter.run.has_ended)
    painter.ask(UsePainting("exemplar"))
    exemplar = painter.run.folder / "exemplars" / "photo_in_weave.png"
    assert load_picture(exemplar).shape == LARGE_SHAPE


def test_a_large_painting_that_waits_is_used_as_large_as_it_is(painter: Painter) -> None:
    folder = painter.paint("obey_large")
    painter.ask(PausePainting())
    painter.poll_until(lambda: painter.run.phase == "paused")
    painter.ask(UsePainting("exemplar"))
    exemplar = folder / "exemplars" / "photo_in_weave.png"
    assert load_picture(exemplar).shape == LARGE_SHAPE


def test_it_is_sown_on_the_grid_and_taken_back(painter: Painter) -> None:
    painter.paint("obey")
    simulation = painter.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    painter.ask(UsePainting("seed"))
    assert painter.shown.picture is None
    np.testing.assert_allclose(simulation.read_state()[:3], FIRST_ITERATIONS / 255 - 0.5, atol=1e-3)
    painter.ask(actions.Undo())
    np.testing.assert_allclose(simulation.read_state(), before, atol=1e-3)


def test_it_becomes_an_exemplar_or_the_start_of_a_dream(painter: Painter) -> None:
    folder = painter.paint("obey")
    painter.ask(UsePainting("exemplar"))
    assert painter.controller.training.tab == "train"
    exemplar = folder / "exemplars" / "photo_in_weave.png"
    assert (load_picture(exemplar) == FIRST_ITERATIONS).all()
    painter.ask(ChangeDream(DreamDraft()), UsePainting("start"))
    assert painter.controller.training.tab == "dream"
    draft = painter.controller.dream._planning.draft
    assert (draft.source, draft.picture) == ("picture", exemplar)
    assert draft.name == "photo_in_weave"


def test_it_is_deleted_and_nothing_else_ever_is(painter: Painter) -> None:
    folder = painter.paint()
    painter.poll_until(lambda: painter.run.has_ended)
    painter.ask(DeletePainting(painter.folder), DeletePainting(folder))
    assert painter.panel.run is None
    painter.poll_until(lambda: not folder.exists())
    assert painter.photo.is_file() and find_paintings() == []
