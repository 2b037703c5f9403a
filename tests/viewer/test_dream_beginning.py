"""How a dream is prepared and begins: from the grid, towards a place, by files; mistakes."""

from dataclasses import replace

import numpy as np
import pytest
from panel_dreamer import SHORT, SIZE, Dreamer

from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path
from training.dream.order_file import load_order
from viewer import actions
from viewer.dream_actions import (
    AimAt,
    BrowseForJourney,
    BrowseForPrompt,
    BrowseForSource,
    ChangeDream,
    OpenDream,
    SaveJourney,
    StartDream,
    TakeFile,
)
from viewer.dream_draft import DreamDraft
from viewer.dream_runs import dreams_folder
from viewer.journey_draft import JourneyDraft, Row
from viewer.painting import Stroke
from viewer.training_actions import ShowTab


def test_the_grid_as_it_is_begins_a_dream(dreamer: Dreamer) -> None:
    simulation = dreamer.controller.stage.simulation
    assert simulation is not None
    simulation.scatter(5)
    grid = simulation.read_picture()
    dreamer.prepare(source="grid")
    dreamer.ask(StartDream())
    folder = dreamer.run.folder
    simulation.step(3)
    dreamer.poll_until(lambda: dreamer.run.made_count > 0)
    assert folder.name == "moss"
    np.testing.assert_array_equal(load_picture(folder / "source.png"), grid)
    # The middle of 48 x 40 cells, as large as the frame.
    first = load_picture(frame_path(folder, 0)).astype(float)
    middle = grid[:, 4:44].astype(float)
    assert abs(first.mean((0, 1)) - middle.mean((0, 1))).max() < 3


def test_a_click_on_the_picture_is_where_the_dream_moves_towards(dreamer: Dreamer) -> None:
    dreamer.prepare()
    dreamer.poll_until(lambda: dreamer.shown.picture is not None)
    place = (8.0, 24.0)
    dreamer.ask(actions.Paint(Stroke(place, place, 3.0), erases=False, begins=True))
    journey = dreamer.panel.draft.journey
    assert (journey.vanishing_x, journey.vanishing_y) == ("0.250", "0.750")
    assert dreamer.panel.cross_pixels is not None
    camera = dreamer.shown.camera
    assert camera.screen_to_cells(*dreamer.panel.cross_pixels, (640, 480)) == pytest.approx(place)
    dreamer.ask(AimAt(0.5, 0.5), StartDream())
    assert dreamer.panel.cross_pixels is None


def test_nothing_is_painted_while_a_dream_is_prepared(dreamer: Dreamer) -> None:
    dreamer.prepare(source="grid", size_pixels=(40, 40))
    simulation = dreamer.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    dreamer.ask(actions.Paint(Stroke((4.0, 20.0), (4.0, 20.0), 3.0), erases=False, begins=True))
    np.testing.assert_array_equal(simulation.read_state(), before)
    assert dreamer.panel.draft.journey.vanishing_x == "0.000"


def test_dropped_files_are_taken_while_the_panel_is_open(
    dreamer: Dreamer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.dream_planning.export_folder", lambda: dreamer.folder / "out")
    dreamer.ask(actions.OpenFile(dreamer.picture))
    assert dreamer.panel.draft.picture == dreamer.picture.resolve()
    journey = replace(dreamer.panel.draft.journey, zoom="0: (1.02), 9: (1.05)")
    dreamer.ask(ChangeDream(replace(dreamer.panel.draft, journey=journey)), SaveJourney())
    saved = dreamer.folder / "out" / "photo.json"
    dreamer.ask(ChangeDream(DreamDraft()), actions.OpenFile(saved))
    assert dreamer.panel.draft.journey == journey
    dreamer.ask(ShowTab("play"), actions.OpenFile(dreamer.picture))
    assert dreamer.controller.training.tab == "train"


@pytest.mark.parametrize(
    ("journey", "told"),
    [
        (JourneyDraft((Row("nowhere", 4),)), "row 1 names no picture"),
        (JourneyDraft(zoom="9"), "from 1 to 2"),
    ],
)
def test_a_journey_nobody_can_dream_is_a_sentence_in_the_panel(
    dreamer: Dreamer, journey: JourneyDraft, told: str
) -> None:
    dreamer.prepare(journey=journey)
    dreamer.ask(StartDream())
    assert told in dreamer.panel.complaint and dreamer.panel.run is None
    assert not dreams_folder().exists() or not any(dreams_folder().iterdir())


def test_files_that_are_of_no_use_are_sentences_in_the_panel(dreamer: Dreamer) -> None:
    words = dreamer.folder / "words.json"
    words.write_text("no journey")
    dreamer.ask(TakeFile(words))
    assert "words.json" in dreamer.panel.complaint
    dreamer.prepare(picture=dreamer.folder / "gone.png")
    dreamer.ask(StartDream())
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    assert dreamer.run.has_failed and "gone.png" in dreamer.run.status
    dreamer.ask(OpenDream(dreamer.folder))
    assert "cannot be read" in dreamer.panel.complaint


@pytest.mark.parametrize(
    "browse", [BrowseForSource(), BrowseForPrompt(0, True), BrowseForJourney()]
)
def test_without_a_file_dialog_it_says_what_to_do_instead(
    dreamer: Dreamer, browse: actions.Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.picture_dialog.LINUX_PROGRAMS", ())
    dreamer.ask(browse)
    assert "no file dialog" in dreamer.panel.complaint


def test_an_order_says_what_the_panel_was_set_to(dreamer: Dreamer) -> None:
    dreamer.prepare(journey=JourneyDraft((Row("start", SHORT),), loop="mix", strength="0.5"))
    dreamer.ask(StartDream())
    order = load_order(dreamer.run.folder)
    assert (order.size_pixels, order.backend, order.source) == (SIZE, "patch", str(dreamer.picture))
    assert (order.journey.loop, order.journey.strength) == ("mix", "0.5")
