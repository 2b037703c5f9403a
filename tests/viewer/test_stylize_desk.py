"""What the style panel asks for happens, around a worker that only pretends to paint."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from fake_stylize_worker import FIRST_ITERATIONS, SIZE

from exporters.automaton_file import save_automaton
from exporters.picture_file import load_picture, save_picture
from support import random_automaton
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    load_order,
    picture_path,
    style_path,
)
from viewer import actions
from viewer.controller import Controller
from viewer.dream_actions import ChangeDream
from viewer.dream_draft import DreamDraft
from viewer.opening import Opening
from viewer.painting import Stroke
from viewer.panels.stylize_state import StylizeRunState, StylizeState
from viewer.picture_textures import PictureTextures, PixelTextures
from viewer.settings import Settings
from viewer.shown import Shown
from viewer.stage import Stage
from viewer.stylize_actions import (
    AimDrop,
    BrowseForSlot,
    BrowseForWeights,
    ChangePainting,
    ClosePainting,
    ContinuePainting,
    DeletePainting,
    FillFromView,
    FillSlot,
    OpenPainting,
    PausePainting,
    RestartPainting,
    SavePainting,
    ShowOriginal,
    ShowPainting,
    StartPainting,
    StopPainting,
    SwapSlots,
    UsePainting,
)
from viewer.stylize_draft import StylizeDraft
from viewer.stylize_runs import find_paintings, paintings_folder
from viewer.training_actions import ShowTab

SETTINGS = Settings(grid_width=48, grid_height=40)
ITERATIONS = 7


class Bench:
    """A controller with an automaton that runs, and its style panel."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        self.folder = folder
        self.photo, self.weave = self.picture("photo", 0), self.picture("weave", 1)
        automaton = folder / "moss.safetensors"
        save_automaton(random_automaton(4, 8), automaton)
        self.controller = Controller(SETTINGS, Stage(context, random_seed=1), (640, 480))
        self.controller.stage.expect(Opening.prepare(automaton, SETTINGS.grid, compile_ahead=False))
        self.controller.poll()
        self._slots, self._textures = PixelTextures(context), PictureTextures(context, 20)
        self.ask(ShowTab("style"))

    def picture(self, name: str, seed: int) -> Path:
        path = self.folder / f"{name}.png"
        save_picture(np.random.default_rng(seed).integers(0, 256, (36, 48, 3), np.uint8), path)
        return path

    @property
    def panel(self) -> StylizeState:
        self._textures.begin_frame(may_upload=True)
        return self.controller.painting.state(self._slots, self._textures)

    @property
    def run(self) -> StylizeRunState:
        assert self.panel.run is not None
        return self.panel.run

    @property
    def shown(self) -> Shown:
        return self.controller.shown

    @property
    def told(self) -> str:
        return self.controller.message.text if self.controller.message else ""

    @property
    def names(self) -> tuple[str, str]:
        return self.panel.slot("content").name, self.panel.slot("style").name

    def ask(self, *asked: actions.Action) -> None:
        for action in asked:
            self.controller.apply(action)

    def poll_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, (self.panel, self.told)
            self.controller.poll()
            time.sleep(0.005)

    def fill(self) -> None:
        self.ask(FillSlot(self.photo, "content"), FillSlot(self.weave, "style"))
        self.poll_until(lambda: self.names == ("photo", "weave"))

    def paint(self, network: str = "", iterations: int = ITERATIONS) -> Path:
        """Start a painting, and wait until there is something to see."""
        self.fill()
        self.ask(ChangePainting(StylizeDraft(network=network, iterations=str(iterations))))
        self.ask(StartPainting())
        self.poll_until(lambda: self.panel.run is not None and self.shown.picture is not None)
        self.poll_until(lambda: self.run.has_ended or self.grey() >= FIRST_ITERATIONS)
        return self.run.folder

    def grey(self) -> int:
        """The iteration that the view shows, 0 for none."""
        picture = self.shown.picture
        is_plain = picture is not None and picture.shape == (*SIZE[::-1], 3)
        return int(picture[0, 0, 0]) if picture is not None and is_plain else 0


@pytest.fixture
def bench(
    context: moderngl.Context,
    tmp_path: Path,
    importable_fakes: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Bench]:
    monkeypatch.setattr("viewer.stylize_client.WORKER_MODULE", "fake_stylize_worker")
    made = Bench(context, tmp_path)
    yield made
    made.controller.release()


def test_drops_fill_the_content_first_and_then_the_style(bench: Bench) -> None:
    third = bench.picture("third", 2)
    assert bench.panel.next_slot == "content"
    bench.ask(actions.OpenFile(bench.photo))
    assert bench.panel.next_slot == "style", "even before the first one is read"
    bench.ask(actions.OpenFile(bench.weave))
    bench.poll_until(lambda: bench.names == ("photo", "weave"))
    bench.ask(actions.OpenFile(third))
    bench.poll_until(lambda: bench.names == ("photo", "third"))
    bench.ask(AimDrop("content"))
    assert bench.panel.next_slot == "content"
    bench.ask(actions.OpenFile(bench.weave))
    bench.poll_until(lambda: bench.names == ("weave", "third"))
    assert bench.panel.next_slot == "style"
    bench.controller.painting.point_at("content")
    bench.ask(actions.OpenFile(bench.photo))
    bench.poll_until(lambda: bench.names == ("photo", "third"))
    assert bench.controller.training.tab == "style"


def test_slots_swap_and_take_the_grid_and_the_gallery(bench: Bench) -> None:
    bench.fill()
    textures = bench.panel.slot("content").texture, bench.panel.slot("style").texture
    bench.ask(SwapSlots())
    assert bench.names == ("weave", "photo") and all(textures)
    bench.ask(FillFromView("content"))
    assert bench.names == ("moss", "photo") and bench.panel.slot("content").size == (48, 40)
    bench.poll_until(lambda: bool(bench.panel.exemplars))
    exemplars = {tile.path.stem: tile.path for tile in bench.panel.exemplars}
    assert "agate" in exemplars and "lizard" not in exemplars, "forms have no ground"
    bench.ask(FillSlot(exemplars["agate"], "style"))
    bench.poll_until(lambda: bench.names == ("moss", "agate"))
    bench.poll_until(lambda: all(tile.texture for tile in bench.panel.exemplars))


def test_a_bad_picture_is_a_sentence_and_the_slot_keeps_its_own(bench: Bench) -> None:
    bench.fill()
    bad = bench.folder / "bad.png"
    bad.write_bytes(b"no picture")
    bench.ask(AimDrop("content"), actions.OpenFile(bad))
    bench.poll_until(lambda: "bad.png" in bench.told)
    assert bench.names == ("photo", "weave") and not bench.panel.slot("content").is_loading
    save_picture(np.zeros((8, 8, 3), np.uint8), bad)
    bench.ask(FillSlot(bad, "style"))
    bench.poll_until(lambda: "at least 32" in bench.told)
    assert bench.names == ("photo", "weave")


def test_nothing_starts_without_two_pictures_or_with_a_mistake(bench: Bench) -> None:
    bench.ask(StartPainting())
    assert "the picture to paint" in bench.told
    bench.fill()
    bench.ask(ChangePainting(StylizeDraft(size_pixels="9")), StartPainting())
    assert "32 to 8192" in bench.told or "32 to 8,192" in bench.told
    bench.controller.poll()
    assert bench.panel.run is None and not paintings_folder().exists()


def test_a_painting_comes_to_the_view_and_is_kept(bench: Bench) -> None:
    folder = bench.paint()
    bench.poll_until(lambda: bench.run.is_finished and bench.grey() == ITERATIONS)
    run = bench.run
    assert (run.name, run.status, run.notes) == (
        "photo in weave",
        "Finished",
        ("judged by nobody",),
    )
    assert bench.told == "photo in weave is finished."
    assert list(run.losses.iterations) == list(range(1, ITERATIONS + 1))
    np.testing.assert_array_equal(load_picture(content_path(folder)), load_picture(bench.photo))
    np.testing.assert_array_equal(load_picture(style_path(folder)), load_picture(bench.weave))
    assert load_order(folder) == StylizeOrder(folder, iterations=ITERATIONS)
    # Fitted and undistorted: 40 x 30 pixels in a view of 640 x 480.
    assert bench.shown.size == SIZE and bench.shown.camera.pixels_per_cell == 16
    bench.ask(ClosePainting())
    assert bench.shown.picture is None
    assert bench.paint() != folder
    bench.poll_until(lambda: bench.run.is_finished)
    assert picture_path(folder).is_file() and len(find_paintings()) == 2


def test_it_pauses_goes_on_and_stops(bench: Bench) -> None:
    folder = bench.paint("obey")
    bench.ask(PausePainting())
    bench.poll_until(lambda: bench.run.phase == "paused")
    bench.ask(ContinuePainting())
    bench.poll_until(lambda: bench.run.phase == "painting")
    bench.ask(StopPainting())
    bench.poll_until(lambda: bench.run.has_ended)
    assert bench.run.status == "Stopped" and not bench.run.has_failed
    assert checkpoint_path(folder).is_file()
    bench.ask(ContinuePainting())
    bench.poll_until(lambda: bench.grey() == 2 * FIRST_ITERATIONS)
    # A finished one begins anew, beside itself.
    bench.ask(StopPainting())
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(RestartPainting())
    bench.poll_until(lambda: bench.run.folder != folder and bench.grey() == FIRST_ITERATIONS)
    assert load_order(bench.run.folder) == replace(load_order(folder), folder=bench.run.folder)
    assert picture_path(folder).is_file()


def test_after_a_killed_worker_it_goes_on(bench: Bench) -> None:
    bench.paint("obey")
    process = bench.controller.painting._run._client._worker._process  # type: ignore[union-attr]
    os.kill(process.pid, signal.SIGKILL)
    bench.poll_until(lambda: bench.run.has_ended)
    assert bench.run.has_failed and "killed" in bench.run.status
    bench.ask(ContinuePainting())
    bench.poll_until(lambda: bench.run.phase == "painting" and not bench.run.has_ended)


def test_a_closed_window_loses_nothing(
    bench: Bench, context: moderngl.Context, tmp_path: Path
) -> None:
    folder = bench.paint("obey")
    assert bench.controller.painting.is_painting
    bench.controller.release()
    deadline = time.monotonic() + 60
    while not checkpoint_path(folder).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = Bench(context, tmp_path)
    try:
        second.poll_until(lambda: bool(second.panel.earlier))
        (kept,) = second.panel.earlier
        assert (kept.name, kept.is_finished) == ("photo in weave", False)
        second.ask(OpenPainting(folder))
        second.poll_until(lambda: second.grey() == FIRST_ITERATIONS)
        assert second.run.has_ended and not second.controller.painting.is_painting
        second.ask(ContinuePainting())
        second.poll_until(lambda: second.grey() == 2 * FIRST_ITERATIONS)
    finally:
        second.controller.release()


def test_what_goes_wrong_at_the_start_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.paint("fail")
    assert bench.run.has_failed and bench.run.status == "there is no such network %s."
    # The original stands for what is not there.
    np.testing.assert_array_equal(bench.shown.picture, load_picture(bench.photo))  # type: ignore[arg-type]
    bench.ask(ClosePainting())
    monkeypatch.setattr("viewer.stylize_client.is_installed", lambda extra: False)
    bench.ask(OpenPainting(folder), ContinuePainting())
    assert bench.run.has_failed and "'train' extra" in bench.run.status
    bench.ask(OpenPainting(bench.folder))
    assert "cannot be read" in bench.told


def test_escape_shows_the_automaton_and_keys_spare_the_covered_grid(bench: Bench) -> None:
    bench.paint("obey")
    simulation = bench.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    stroke = Stroke((10.0, 10.0), (10.0, 10.0), 4.0)
    touches = (
        actions.Paint(stroke, erases=False, begins=True),
        actions.Plant(3.0, 3.0),
        actions.Clear(),
        actions.Scatter(),
        actions.RestartWithNewSeed(),
        actions.StepOnce(),
    )
    bench.ask(*touches)
    np.testing.assert_array_equal(simulation.read_state(), before)
    bench.ask(actions.Dismiss())
    assert bench.shown.picture is None and not bench.panel.is_shown
    bench.ask(touches[0])
    assert np.abs(simulation.read_state() - before).max() > 0.1
    bench.ask(ShowPainting())
    assert bench.shown.picture is not None
    bench.ask(ShowTab("play"))
    assert bench.shown.picture is None


def test_the_original_shows_as_long_as_it_is_held(bench: Bench) -> None:
    bench.paint("obey")
    bench.ask(ShowOriginal(True))
    np.testing.assert_array_equal(bench.shown.picture, load_picture(bench.photo))  # type: ignore[arg-type]
    bench.ask(ShowOriginal(False))
    assert bench.grey() == FIRST_ITERATIONS


def test_it_is_saved_among_the_pictures_or_anywhere(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.screenshots.pictures_folder", lambda: bench.folder / "pictures")
    bench.paint()
    bench.poll_until(lambda: bench.grey() == ITERATIONS)
    bench.ask(SavePainting())
    (saved,) = (bench.folder / "pictures").iterdir()
    assert saved.name.startswith("photo in weave") and str(saved) in bench.told
    assert (load_picture(saved) == ITERATIONS).all()
    place = bench.folder / "anywhere"
    dialogs = bench.controller.painting._dialogs
    monkeypatch.setattr(dialogs, "poll", iter([(SavePainting(True), place), *[None] * 9]).__next__)
    bench.controller.poll()
    assert (load_picture(place.with_name("anywhere.png")) == ITERATIONS).all()


def test_it_is_sown_on_the_grid_and_taken_back(bench: Bench) -> None:
    bench.paint("obey")
    simulation = bench.controller.stage.simulation
    assert simulation is not None
    before = simulation.read_state()
    bench.ask(UsePainting("seed"))
    assert bench.shown.picture is None
    np.testing.assert_allclose(simulation.read_state()[:3], FIRST_ITERATIONS / 255 - 0.5, atol=1e-3)
    bench.ask(actions.Undo())
    np.testing.assert_allclose(simulation.read_state(), before, atol=1e-3)


def test_it_becomes_an_exemplar_or_the_start_of_a_dream(bench: Bench) -> None:
    folder = bench.paint("obey")
    bench.ask(UsePainting("exemplar"))
    assert bench.controller.training.tab == "train"
    exemplar = folder / "exemplars" / "photo_in_weave.png"
    assert (load_picture(exemplar) == FIRST_ITERATIONS).all()
    bench.ask(ChangeDream(DreamDraft()), UsePainting("start"))
    assert bench.controller.training.tab == "dream"
    draft = bench.controller.dream._planning.draft
    assert (draft.source, draft.picture) == ("picture", exemplar)
    assert draft.name == "photo_in_weave"


def test_it_is_deleted_and_nothing_else_ever_is(bench: Bench) -> None:
    folder = bench.paint()
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(DeletePainting(bench.folder), DeletePainting(folder))
    assert bench.panel.run is None
    bench.poll_until(lambda: not folder.exists())
    assert bench.photo.is_file() and find_paintings() == []


def test_a_drop_on_a_painting_waits_for_its_end(bench: Bench) -> None:
    bench.paint("obey")
    bench.ask(actions.OpenFile(bench.weave))
    assert "under way" in bench.told and bench.names == ("photo", "weave")
    bench.ask(StopPainting())
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(AimDrop("content"), actions.OpenFile(bench.weave))
    assert bench.panel.run is None
    bench.poll_until(lambda: "weave" in bench.names)


def test_drops_on_other_panels_are_as_ever(bench: Bench) -> None:
    bench.ask(ShowTab("dream"), actions.OpenFile(bench.photo))
    assert bench.controller.dream._planning.draft.picture == bench.photo
    bench.ask(ShowTab("play"), actions.OpenFile(bench.photo))
    assert bench.controller.training.tab == "train"
    assert bench.names == ("", "")


@pytest.mark.parametrize("browse", [BrowseForSlot("style"), BrowseForWeights()])
def test_without_a_file_dialog_it_says_what_to_do_instead(
    bench: Bench, browse: actions.Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.picture_dialog.LINUX_PROGRAMS", ())
    bench.ask(browse)
    assert "no file dialog" in bench.told


def test_what_a_dialog_chose_is_taken(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = bench.folder / "vgg.pth"
    chosen = [(BrowseForSlot("style"), bench.photo), (BrowseForWeights(), weights)]
    dialogs = bench.controller.painting._dialogs
    monkeypatch.setattr(dialogs, "poll", lambda: chosen.pop() if chosen else None)
    bench.poll_until(lambda: bench.names == ("", "photo"))
    assert bench.panel.draft.weights == str(weights)
