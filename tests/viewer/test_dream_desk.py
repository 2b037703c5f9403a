"""What the dream panel asks for happens, with the real worker and the patch dreamer."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest

from exporters.automaton_file import save_automaton
from exporters.picture_file import load_picture, save_picture
from support import random_automaton
from training.dream.dream_files import frame_path
from training.dream.order_file import load_order
from viewer import actions
from viewer.controller import Controller
from viewer.dream_actions import (
    AimAt,
    BrowseForJourney,
    BrowseForPrompt,
    BrowseForSource,
    ChangeDream,
    CloseDream,
    ContinueDream,
    DeleteDream,
    ExportDream,
    OpenDream,
    PauseDream,
    PlayDream,
    SaveJourney,
    Scrub,
    StartDream,
    StopDream,
    TakeFile,
    UseFrame,
)
from viewer.dream_draft import DreamDraft
from viewer.dream_runs import dreams_folder, find_dreams
from viewer.journey_draft import JourneyDraft, Row
from viewer.opening import Opening
from viewer.painting import Stroke
from viewer.panels.dream_state import DreamRunState, DreamState
from viewer.picture_textures import PictureTextures
from viewer.settings import Settings
from viewer.stage import Stage
from viewer.training_actions import ShowTab

SETTINGS = Settings(grid_width=48, grid_height=40)
SIZE = (32, 32)
# So short that it is over soon, and so long that it is not.
SHORT, LONG = 4, 3000


class Bench:
    """A controller with an automaton that runs, and its dream panel."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        self.folder = folder
        self.picture = folder / "photo.png"
        save_picture(np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8), self.picture)
        automaton = folder / "moss.safetensors"
        save_automaton(random_automaton(4, 8), automaton)
        self.controller = Controller(SETTINGS, Stage(context, random_seed=1), (640, 480))
        self.controller.stage.expect(Opening.prepare(automaton, SETTINGS.grid, compile_ahead=False))
        self.controller.poll()
        self._textures = PictureTextures(context, 20)
        self.ask(ShowTab("dream"))

    @property
    def panel(self) -> DreamState:
        self._textures.begin_frame(may_upload=True)
        return self.controller.dream.state(self._textures, self.controller.shown.cross_pixels)

    @property
    def run(self) -> DreamRunState:
        assert self.panel.run is not None
        return self.panel.run

    def ask(self, *asked: actions.Action) -> None:
        for action in asked:
            self.controller.apply(action)

    def poll_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, self.panel
            self.controller.poll()
            time.sleep(0.005)

    def prepare(self, frames: int = SHORT, **changes: object) -> None:
        draft = DreamDraft(
            source="picture",
            picture=self.picture,
            journey=JourneyDraft((Row("start", frames),)),
            size_pixels=SIZE,
        )
        self.ask(ChangeDream(replace(draft, **changes)))  # type: ignore[arg-type]

    def dream(self, frames: int = SHORT) -> DreamRunState:
        self.prepare(frames)
        self.ask(StartDream())
        self.poll_until(lambda: self.run.made_count >= min(frames, 3))
        return self.run


@pytest.fixture
def bench(context: moderngl.Context, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(context, tmp_path)
    yield made
    made.controller.release()


def frames_of(folder: Path, count: int) -> list[bytes]:
    return [frame_path(folder, index).read_bytes() for index in range(count)]


def test_a_dream_comes_to_the_view_frame_by_frame(bench: Bench) -> None:
    bench.dream()
    bench.poll_until(lambda: bench.run.has_ended)
    run = bench.run
    assert (run.status, run.made_count, run.is_whole) == ("Finished", SHORT, True)
    assert run.name == "photo" and "no diffusion model" in run.dreamer
    newest = load_picture(frame_path(run.folder, SHORT - 1))
    bench.poll_until(lambda: bench.controller.shown.picture is not None)
    bench.poll_until(lambda: np.array_equal(bench.controller.shown.picture, newest))  # type: ignore[arg-type]
    bench.ask(Scrub(1))
    second = load_picture(frame_path(run.folder, 1))
    bench.poll_until(lambda: np.array_equal(bench.controller.shown.picture, second))  # type: ignore[arg-type]
    bench.ask(PlayDream(True))
    bench.poll_until(lambda: bench.run.shown_index == SHORT - 1)
    bench.poll_until(lambda: all(tile.texture for tile in bench.run.film))


def test_the_grid_as_it_is_begins_a_dream(bench: Bench) -> None:
    simulation = bench.controller.stage.simulation
    assert simulation is not None
    simulation.scatter(5)
    grid = simulation.read_picture()
    bench.prepare(source="grid")
    bench.ask(StartDream())
    folder = bench.run.folder
    simulation.step(3)
    bench.poll_until(lambda: bench.run.made_count > 0)
    assert folder.name == "moss"
    np.testing.assert_array_equal(load_picture(folder / "source.png"), grid)
    # The middle of 48 x 40 cells, as large as the frame.
    first = load_picture(frame_path(folder, 0)).astype(float)
    middle = grid[:, 4:44].astype(float)
    assert abs(first.mean((0, 1)) - middle.mean((0, 1))).max() < 3


def test_escape_shows_the_automaton_again(bench: Bench) -> None:
    bench.dream()
    bench.poll_until(lambda: bench.controller.shown.picture is not None)
    bench.ask(actions.Dismiss())
    assert bench.controller.shown.picture is None and bench.run.made_count
    bench.ask(ShowTab("play"), Scrub(0))
    assert bench.controller.shown.picture is None
    bench.ask(ShowTab("dream"))
    assert bench.controller.shown.picture is not None


def test_a_click_on_the_picture_is_where_the_dream_moves_towards(bench: Bench) -> None:
    bench.prepare()
    bench.poll_until(lambda: bench.controller.shown.picture is not None)
    place = (8.0, 24.0)
    bench.ask(actions.Paint(Stroke(place, place, 3.0), erases=False, begins=True))
    journey = bench.panel.draft.journey
    assert (journey.vanishing_x, journey.vanishing_y) == ("0.250", "0.750")
    assert bench.panel.cross_pixels is not None
    camera = bench.controller.shown.camera
    assert camera.screen_to_cells(*bench.panel.cross_pixels, (640, 480)) == pytest.approx(place)
    bench.ask(AimAt(0.5, 0.5), StartDream())
    assert bench.panel.cross_pixels is None


def test_nothing_is_painted_while_a_dream_is_prepared(bench: Bench) -> None:
    bench.prepare(source="grid", size_pixels=(40, 40))
    simulation = bench.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    bench.ask(actions.Paint(Stroke((4.0, 20.0), (4.0, 20.0), 3.0), erases=False, begins=True))
    np.testing.assert_array_equal(simulation.read_state(), before)
    assert bench.panel.draft.journey.vanishing_x == "0.000"


def test_a_dream_pauses_goes_on_and_stops(bench: Bench) -> None:
    bench.dream(LONG)
    bench.ask(PauseDream())
    bench.poll_until(lambda: bench.run.phase == "paused")
    bench.ask(ContinueDream())
    bench.poll_until(lambda: bench.run.phase == "dreaming")
    bench.ask(StopDream())
    bench.poll_until(lambda: bench.run.has_ended)
    run = bench.run
    assert run.status == f"Stopped after {run.made_count} of {LONG} frames"
    assert all(frame_path(run.folder, index).is_file() for index in range(run.made_count))
    bench.ask(ContinueDream())
    bench.poll_until(lambda: bench.run.made_count > run.made_count)


def test_after_a_killed_worker_and_a_closed_window_the_frames_are_the_same(
    bench: Bench, context: moderngl.Context, tmp_path: Path
) -> None:
    bench.dream(40)
    bench.poll_until(lambda: bench.run.has_ended)
    whole = bench.run.folder
    bench.ask(CloseDream())

    bench.dream(40)
    broken = bench.run.folder
    assert broken != whole
    process = bench.controller.dream._run._client._worker._process  # type: ignore[union-attr]
    os.kill(process.pid, signal.SIGKILL)
    bench.poll_until(lambda: bench.run.has_ended)
    assert bench.run.has_failed and "killed" in bench.run.status
    bench.controller.release()

    second = Bench(context, tmp_path)
    try:
        second.poll_until(lambda: len(second.panel.earlier) == 2)
        kept = {dream.order.folder: dream for dream in second.panel.earlier}
        assert kept[whole].is_whole and not kept[broken].is_whole
        second.ask(OpenDream(broken), ContinueDream())
        second.poll_until(lambda: second.run.has_ended)
        assert frames_of(broken, 40) == frames_of(whole, 40)
    finally:
        second.controller.release()


def test_a_dream_is_deleted_with_all_its_frames(bench: Bench) -> None:
    folder = bench.dream().folder
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(DeleteDream(folder))
    assert bench.panel.run is None
    bench.poll_until(lambda: not folder.exists())
    assert find_dreams() == []


def test_what_is_no_dream_is_never_deleted(bench: Bench) -> None:
    bench.ask(DeleteDream(bench.folder))
    bench.controller.dream.release()
    bench.controller.dream._thread.shutdown(wait=True)
    assert bench.picture.is_file()


def test_a_frame_is_sown_on_the_grid_and_taken_back(bench: Bench) -> None:
    bench.dream()
    bench.poll_until(lambda: bench.run.has_ended)
    simulation = bench.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    bench.ask(Scrub(2), UseFrame("seed"))
    state = simulation.read_state()
    frame = load_picture(frame_path(bench.run.folder, 2))
    assert not state[3:].any()
    means = state[:3].mean((1, 2)) + 0.5
    assert abs(means - frame.mean((0, 1)) / 255).max() < 0.05
    assert bench.controller.shown.picture is None
    bench.ask(actions.Undo())
    np.testing.assert_allclose(simulation.read_state(), before, atol=1e-3)


def test_a_frame_becomes_an_exemplar_or_the_next_start(bench: Bench) -> None:
    bench.dream()
    bench.poll_until(lambda: bench.run.has_ended)
    folder = bench.run.folder
    bench.ask(Scrub(2), UseFrame("exemplar"))
    assert bench.controller.training.tab == "train"
    exemplar = folder / "exemplars" / "photo_2.png"
    assert exemplar.read_bytes() == frame_path(folder, 2).read_bytes()
    bench.ask(ShowTab("dream"), UseFrame("start"))
    draft = bench.panel.draft
    assert (draft.source, draft.picture) == ("picture", frame_path(folder, 2))
    assert draft.name == folder.name, "called like the dream that it comes from"
    assert bench.panel.run is None


@pytest.mark.parametrize("suffix", [".gif", ""])
def test_frames_are_exported_with_what_makes_them_again(
    bench: Bench, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.exporting.export_folder", lambda: bench.folder / "out")
    bench.dream()
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(ExportDream(suffix))
    bench.poll_until(lambda: bench.controller.exports.state.written is not None)
    place = bench.folder / "out" / f"photo{suffix}"
    told = place / "dream.json" if not suffix else place.with_name("photo.gif.json")
    assert json.loads(told.read_text("utf-8"))["stages"] == [["start", SHORT]]
    if suffix:
        assert place.is_file()
    else:
        assert frames_of(place, SHORT) == frames_of(bench.run.folder, SHORT)


def test_dropped_files_are_taken_while_the_panel_is_open(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.dream_planning.export_folder", lambda: bench.folder / "out")
    bench.ask(actions.OpenFile(bench.picture))
    assert bench.panel.draft.picture == bench.picture.resolve()
    journey = replace(bench.panel.draft.journey, zoom="0: (1.02), 9: (1.05)")
    bench.ask(ChangeDream(replace(bench.panel.draft, journey=journey)), SaveJourney())
    saved = bench.folder / "out" / "photo.json"
    bench.ask(ChangeDream(DreamDraft()), actions.OpenFile(saved))
    assert bench.panel.draft.journey == journey
    bench.ask(ShowTab("play"), actions.OpenFile(bench.picture))
    assert bench.controller.training.tab == "train"


@pytest.mark.parametrize(
    ("journey", "told"),
    [
        (JourneyDraft((Row("nowhere", 4),)), "row 1 names no picture"),
        (JourneyDraft(zoom="9"), "from 1 to 2"),
    ],
)
def test_a_journey_nobody_can_dream_is_a_sentence_in_the_panel(
    bench: Bench, journey: JourneyDraft, told: str
) -> None:
    bench.prepare(journey=journey)
    bench.ask(StartDream())
    assert told in bench.panel.complaint and bench.panel.run is None
    assert not dreams_folder().exists() or not any(dreams_folder().iterdir())


def test_files_that_are_of_no_use_are_sentences_in_the_panel(bench: Bench) -> None:
    words = bench.folder / "words.json"
    words.write_text("no journey")
    bench.ask(TakeFile(words))
    assert "words.json" in bench.panel.complaint
    bench.prepare(picture=bench.folder / "gone.png")
    bench.ask(StartDream())
    bench.poll_until(lambda: bench.run.has_ended)
    assert bench.run.has_failed and "gone.png" in bench.run.status
    bench.ask(OpenDream(bench.folder))
    assert "cannot be read" in bench.panel.complaint


@pytest.mark.parametrize(
    "browse", [BrowseForSource(), BrowseForPrompt(0, True), BrowseForJourney()]
)
def test_without_a_file_dialog_it_says_what_to_do_instead(
    bench: Bench, browse: actions.Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.picture_dialog.LINUX_PROGRAMS", ())
    bench.ask(browse)
    assert "no file dialog" in bench.panel.complaint


def test_an_order_says_what_the_panel_was_set_to(bench: Bench) -> None:
    bench.prepare(journey=JourneyDraft((Row("start", SHORT),), loop="mix", strength="0.5"))
    bench.ask(StartDream())
    order = load_order(bench.run.folder)
    assert (order.size_pixels, order.backend, order.source) == (SIZE, "patch", str(bench.picture))
    assert (order.journey.loop, order.journey.strength) == ("mix", "0.5")
