"""What the training panel asks for happens, around a worker that only pretends to train."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from fake_worker import RESULT_SEED
from panel_trainee import Trainee
from panel_user import SETTINGS, save_noise
from PIL import Image

from exporters.gallery import GalleryEntry, user_entries
from support import random_automaton
from training.plan import GROWING_PLAN
from viewer import actions
from viewer.stage import PREVIEW_GRID_CELLS, Stage
from viewer.training_actions import (
    AdvanceWaiting,
    ChangeDraft,
    CloseWindow,
    ContinueTraining,
    ForgetTraining,
    KeepShown,
    LookBack,
    PauseTraining,
    PrepareTraining,
    RemoveWaiting,
    ResumeRun,
    ShowTab,
    ShowTraining,
    StartTraining,
    StopTraining,
)
from viewer.training_runs import find_runs

pytestmark = pytest.mark.usefixtures("fake_worker")


class Bench(Trainee):
    """Begins with another panel, and an automaton to come back to."""

    def __init__(self, context: moderngl.Context, folder: Path) -> None:
        super().__init__(context, folder)
        self.automaton = folder / "moss.safetensors"
        self.ask(ShowTab("play"))

    @property
    def stage(self) -> Stage:
        return self.controller.stage

    def picture(self, behaviour: str) -> Path:
        """A picture whose name tells the worker what to do."""
        return save_noise(self.folder / f"{behaviour}.png", 60, 40, random_seed=0)

    def train_until_shown(self, behaviour: str = "obey") -> None:
        self.train(behaviour)
        self.poll_until(lambda: self.stage.shows_preview)


@pytest.fixture
def bench(context: moderngl.Context, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(context, tmp_path)
    yield made
    made.ask(CloseWindow("discard"))
    made.controller.release()


def test_a_picture_is_prepared_and_can_be_put_away(bench: Bench) -> None:
    bench.ask(actions.OpenFile(bench.picture("moss")))
    assert bench.panel.tab == "train"
    draft = bench.panel.draft
    assert draft is not None and (draft.name, draft.picture_size) == ("moss", (60, 40))
    assert bench.panel.exemplar_texture > 0
    bench.ask(ChangeDraft(None))
    assert bench.panel.draft is None and bench.panel.exemplar_texture == 0


def test_a_file_that_is_no_picture_is_a_sentence_in_the_panel(bench: Bench) -> None:
    path = bench.folder / "words.png"
    path.write_text("no picture")
    bench.ask(PrepareTraining(path))
    assert "is not a picture" in bench.panel.complaint and bench.panel.draft is None
    bench.ask(PrepareTraining(bench.picture("moss")))
    assert bench.panel.complaint == ""


def test_snapshots_come_to_the_view_and_can_be_left_and_come_back_to(bench: Bench) -> None:
    bench.train_until_shown()
    assert bench.stage.grid == PREVIEW_GRID_CELLS and bench.stage.path is None
    assert bench.stage.simulation is not None and bench.stage.simulation.is_live
    bench.stage.simulation.step(3)
    state = bench.stage.simulation.read_state()
    bench.ask(actions.OpenFile(bench.automaton))
    bench.poll_until(lambda: bench.stage.path is not None)
    assert not bench.run.is_shown and bench.stage.grid == SETTINGS.grid
    bench.ask(ShowTraining())
    assert bench.run.is_shown
    np.testing.assert_array_equal(bench.stage.simulation.read_state(), state)


def test_nobody_is_disturbed_who_plays_with_something_else(bench: Bench) -> None:
    bench.ask(PrepareTraining(bench.picture("obey")), StartTraining(), ShowTab("play"))
    bench.poll_until(lambda: bench.panel.run is not None and bool(bench.run.milestones))
    assert not bench.stage.shows_preview


def test_what_is_shown_is_kept_with_its_exemplar_while_the_training_goes_on(bench: Bench) -> None:
    bench.train_until_shown()
    bench.ask(LookBack(0), KeepShown())
    (entry,) = user_entries()
    assert entry.name == "obey" and entry.exemplar_path.is_file()
    assert "obey" in bench.told
    assert not bench.run.has_ended


def test_a_finished_training_goes_to_the_gallery_and_onto_the_grid(bench: Bench) -> None:
    bench.train_until_shown("finish")
    bench.poll_until(lambda: bench.stage.path is not None)
    (entry,) = user_entries()
    assert bench.stage.path == entry.path and bench.stage.grid == SETTINGS.grid
    assert bench.run.status == "stable" and find_runs() == []
    bench.ask(ForgetTraining())
    assert bench.panel.run is None


def train_until_checked(bench: Bench) -> None:
    bench.train_until_shown("check")
    bench.poll_until(lambda: bench.run.check is not None and bench.run.check.candidate == 2)


def finish_the_check(bench: Bench) -> None:
    bench.ask(StopTraining(keep=True))
    bench.poll_until(lambda: bench.run.has_ended)


def the_only_kept(bench: Bench) -> GalleryEntry:
    (entry,) = user_entries()
    assert entry.name == "check" and entry.exemplar_path.is_file()
    return entry


def assert_is_result(entry: GalleryEntry) -> None:
    expected = random_automaton(4, 8, weight_seed=RESULT_SEED).hidden_weight
    np.testing.assert_array_equal(entry.automaton.hidden_weight, expected)


def test_a_check_tells_how_far_it_is(bench: Bench) -> None:
    train_until_checked(bench)
    assert bench.run.status == "Checking candidate 2 of 3"
    assert bench.run.check is not None and bench.run.check.completed == 0.57


def test_what_is_kept_while_it_is_checked_is_one_with_the_result(bench: Bench) -> None:
    train_until_checked(bench)
    bench.ask(KeepShown(), KeepShown())
    snapshot = the_only_kept(bench)
    assert snapshot.automaton.hidden == 8
    bench.ask(actions.OpenFile(snapshot.path))
    bench.poll_until(lambda: bench.stage.path == snapshot.path)
    finish_the_check(bench)
    assert_is_result(the_only_kept(bench))
    # It ran in the view, where the result takes its place.
    assert bench.stage.simulation is not None
    weights = the_only_kept(bench).automaton.hidden_weight
    bench.poll_until(
        lambda: (bench.stage.simulation.automaton.hidden_weight == weights).all()  # type: ignore[union-attr]
    )


def test_a_result_is_kept_once_however_often_one_asks(bench: Bench) -> None:
    train_until_checked(bench)
    finish_the_check(bench)
    bench.ask(KeepShown())
    assert_is_result(the_only_kept(bench))
    assert bench.told == "check is in your gallery already, as check."
    the_only_kept(bench).path.unlink()
    bench.ask(KeepShown())
    assert_is_result(the_only_kept(bench))
    assert bench.panel.complaint == ""


def test_earlier_moments_are_kept_beside_the_result(bench: Bench) -> None:
    """One while it still learns, the other when it is done."""
    bench.train_until_shown("grow_old")
    bench.ask(KeepShown(), PauseTraining())
    bench.poll_until(lambda: bench.run.has_ended)
    bench.ask(LookBack(0), KeepShown())
    names = [entry.name for entry in user_entries()]
    assert names == ["grow_old", "grow_old_2", "grow_old_3"]
    assert all(entry.exemplar_path.is_file() for entry in user_entries())


def test_a_discarded_check_leaves_nothing(bench: Bench) -> None:
    train_until_checked(bench)
    bench.ask(StopTraining(keep=False))
    bench.poll_until(lambda: bench.panel.run is None)
    assert find_runs() == [] and user_entries() == []


def test_what_finishes_after_it_was_discarded_is_not_kept(bench: Bench) -> None:
    """The worker had ended before it could be told."""
    bench.train("finish")
    bench.poll_until(lambda: bench.panel.run is not None)
    client = bench.controller.training._client
    assert client is not None and client.wait(30)
    bench.ask(StopTraining(keep=False))
    bench.poll_until(lambda: bench.panel.run is None)
    assert find_runs() == [] and user_entries() == [] and bench.panel.complaint == ""


def test_a_training_pauses_goes_on_and_is_discarded(bench: Bench) -> None:
    bench.train_until_shown()
    bench.ask(PauseTraining())
    bench.poll_until(lambda: bench.run.phase == "paused")
    bench.ask(ContinueTraining())
    bench.poll_until(lambda: bench.run.phase == "training")
    bench.ask(StopTraining(keep=False))
    bench.poll_until(lambda: bench.panel.run is None)
    assert find_runs() == [] and user_entries() == []


def test_a_paused_preview_is_baked_where_it_stands(bench: Bench) -> None:
    bench.train_until_shown()
    simulation = bench.stage.simulation
    assert simulation is not None
    simulation.step(3)
    state = simulation.read_state()
    bench.stage.bake_preview(bench.automaton)
    bench.poll_until(lambda: not simulation.is_live)
    np.testing.assert_array_equal(simulation.read_state(), state)
    assert bench.stage.shows_preview


def test_a_dead_worker_is_told_of_and_resumed(bench: Bench) -> None:
    bench.train("die")
    bench.poll_until(lambda: bench.panel.run is not None and bench.run.has_failed)
    assert "ended by itself" in bench.run.status and bench.run.can_resume
    assert bench.run.milestones, "the last snapshot is still there"
    bench.ask(ContinueTraining())
    bench.poll_until(lambda: bench.run.has_ended)
    assert bench.run.status == "stable"


def test_trainings_wait_for_each_other(bench: Bench) -> None:
    for behaviour in ("obey", "finish", "finish"):
        bench.train(behaviour)
    bench.poll_until(lambda: len(bench.panel.waiting) == 2)
    bench.ask(RemoveWaiting(1))
    assert bench.panel.waiting == ("finish",)
    bench.ask(StopTraining(keep=False))
    bench.poll_until(lambda: bench.panel.run is not None and bench.run.name == "finish")


def test_a_training_that_waits_can_be_moved_up(bench: Bench) -> None:
    for behaviour in ("obey", "finish", "die"):
        bench.train(behaviour)
    bench.poll_until(lambda: len(bench.panel.waiting) == 2)
    bench.ask(AdvanceWaiting(1))
    assert bench.panel.waiting == ("die", "finish")
    bench.ask(AdvanceWaiting(0))
    assert bench.panel.waiting == ("die", "finish")


def test_a_picture_on_transparent_ground_is_ordered_as_a_form_that_grows(bench: Bench) -> None:
    path = bench.folder / "obey.png"
    pixels = np.zeros((40, 48, 4), np.uint8)
    pixels[8:30, 10:40] = 200, 30, 30, 255
    Image.fromarray(pixels).save(path)
    bench.ask(PrepareTraining(path))
    draft = bench.panel.draft
    assert draft is not None and bench.panel.exemplar_texture > 0
    order = draft.order()
    assert order.grow and order.plan == replace(GROWING_PLAN, random_seed=draft.random_seed)
    bench.ask(StartTraining())
    bench.poll_until(lambda: bench.panel.run is not None)
    assert bench.run.exemplar_texture > 0
    bench.ask(PrepareTraining(bench.picture("moss")))
    assert bench.panel.draft is not None and not bench.panel.draft.order().grow


def test_a_dead_training_that_is_put_away_can_still_be_resumed(bench: Bench) -> None:
    bench.train("die")
    bench.poll_until(lambda: bench.panel.run is not None and bench.run.has_failed)
    bench.ask(ForgetTraining())
    bench.poll_until(lambda: bool(bench.panel.earlier))
    bench.ask(ResumeRun(bench.panel.earlier[0]))
    bench.poll_until(lambda: bool(user_entries()))


def test_a_training_of_an_earlier_window_is_resumed(bench: Bench, tmp_path: Path) -> None:
    bench.train_until_shown("die")
    context = bench.controller.stage.simulation.textures[0].ctx  # type: ignore[union-attr]
    (tmp_path / "later").mkdir()
    later = Bench(context, tmp_path / "later")
    later.poll_until(lambda: bool(later.panel.earlier))
    later.ask(ResumeRun(later.panel.earlier[0]))
    later.poll_until(lambda: bool(user_entries()))
    later.controller.release()


def test_closing_can_keep_the_newest_snapshot(bench: Bench) -> None:
    bench.train_until_shown()
    assert bench.controller.training.is_training
    bench.ask(CloseWindow("keep"))
    assert [entry.name for entry in user_entries()] == ["obey"]
    bench.poll_until(lambda: not bench.controller.training.is_training)


def test_closing_on_a_check_leaves_one_automaton_for_the_next_window(
    bench: Bench, tmp_path: Path
) -> None:
    train_until_checked(bench)
    bench.ask(CloseWindow("keep"))
    snapshot = the_only_kept(bench)
    client = bench.controller.training._client
    assert client is not None and client.wait(30)
    context = bench.controller.stage.simulation.textures[0].ctx  # type: ignore[union-attr]
    (tmp_path / "later").mkdir()
    later = Bench(context, tmp_path / "later")
    later.poll_until(lambda: find_runs() == [])
    assert "check" in later.told
    later.controller.release()
    assert the_only_kept(later).path == snapshot.path
    assert_is_result(the_only_kept(later))


def test_a_killed_worker_leaves_the_preview_alive(bench: Bench) -> None:
    bench.train_until_shown()
    client = bench.controller.training._client
    assert client is not None
    os.kill(client._worker._process.pid, signal.SIGKILL)
    bench.poll_until(lambda: bench.run.has_failed)
    assert "killed" in bench.run.status
    bench.stage.step_once()
    assert bench.stage.shows_preview
