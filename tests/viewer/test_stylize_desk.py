"""A painting of the window from its start to its end, around a worker that only pretends."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from fake_stylize_worker import FIRST_ITERATIONS, SIZE
from panel_painter import ITERATIONS, Painter

from exporters.picture_file import load_picture
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    load_order,
    picture_path,
    style_path,
)
from viewer import actions
from viewer.painting import Stroke
from viewer.stylize_actions import (
    ClosePainting,
    ContinuePainting,
    OpenPainting,
    PausePainting,
    RestartPainting,
    ShowOriginal,
    ShowPainting,
    StopPainting,
)
from viewer.stylize_runs import find_paintings
from viewer.training_actions import ShowTab


def test_a_painting_comes_to_the_view_and_is_kept(painter: Painter) -> None:
    folder = painter.paint()
    painter.poll_until(lambda: painter.run.is_finished and painter.grey() == ITERATIONS)
    run = painter.run
    assert (run.name, run.status, run.notes) == (
        "photo in weave",
        "Finished",
        ("judged by nobody",),
    )
    assert painter.told == "photo in weave is finished."
    assert list(run.losses.iterations) == list(range(1, ITERATIONS + 1))
    np.testing.assert_array_equal(load_picture(content_path(folder)), load_picture(painter.photo))
    np.testing.assert_array_equal(load_picture(style_path(folder)), load_picture(painter.weave))
    assert load_order(folder) == StylizeOrder(folder, iterations=ITERATIONS)
    # Fitted and undistorted: 40 x 30 pixels in a view of 640 x 480.
    assert painter.shown.size == SIZE and painter.shown.camera.pixels_per_cell == 16
    painter.ask(ClosePainting())
    assert painter.shown.picture is None
    assert painter.paint() != folder
    painter.poll_until(lambda: painter.run.is_finished)
    assert picture_path(folder).is_file() and len(find_paintings()) == 2


def test_the_question_before_closing_goes_with_the_painting(painter: Painter) -> None:
    painter.paint("obey")
    painter.controller.painting.asks_before_closing = True
    painter.controller.poll()
    assert painter.panel.asks_before_closing
    painter.ask(StopPainting())
    painter.poll_until(lambda: painter.run.has_ended)
    assert not painter.panel.asks_before_closing


def test_it_pauses_goes_on_and_stops(painter: Painter) -> None:
    folder = painter.paint("obey")
    painter.ask(PausePainting())
    painter.poll_until(lambda: painter.run.phase == "paused")
    painter.ask(ContinuePainting())
    painter.poll_until(lambda: painter.run.phase == "painting")
    painter.ask(StopPainting())
    painter.poll_until(lambda: painter.run.has_ended)
    assert painter.run.status == "Stopped" and not painter.run.has_failed
    assert checkpoint_path(folder).is_file()
    painter.ask(ContinuePainting())
    painter.poll_until(lambda: painter.grey() == 2 * FIRST_ITERATIONS)
    # A finished one begins anew, beside itself.
    painter.ask(StopPainting())
    painter.poll_until(lambda: painter.run.has_ended)
    painter.ask(RestartPainting())
    painter.poll_until(lambda: painter.run.folder != folder and painter.grey() == FIRST_ITERATIONS)
    assert load_order(painter.run.folder) == replace(load_order(folder), folder=painter.run.folder)
    assert picture_path(folder).is_file()


def test_after_a_killed_worker_it_goes_on(painter: Painter) -> None:
    painter.paint("obey")
    process = painter.controller.painting._run._client._worker._process  # type: ignore[union-attr]
    os.kill(process.pid, signal.SIGKILL)
    painter.poll_until(lambda: painter.run.has_ended)
    assert painter.run.has_failed and "killed" in painter.run.status
    painter.ask(ContinuePainting())
    painter.poll_until(lambda: painter.run.phase == "painting" and not painter.run.has_ended)


def test_a_closed_window_loses_nothing(
    painter: Painter, context: moderngl.Context, tmp_path: Path
) -> None:
    folder = painter.paint("obey")
    assert painter.controller.painting.is_painting
    painter.controller.release()
    deadline = time.monotonic() + 60
    while not checkpoint_path(folder).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = Painter(context, tmp_path)
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
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = painter.paint("fail")
    assert painter.run.has_failed and painter.run.status == "there is no such network %s."
    # The original stands for what is not there.
    np.testing.assert_array_equal(painter.shown.picture, load_picture(painter.photo))  # type: ignore[arg-type]
    painter.ask(ClosePainting())
    monkeypatch.setattr("viewer.stylize_client.is_installed", lambda extra: False)
    painter.ask(OpenPainting(folder), ContinuePainting())
    assert painter.run.has_failed and "'train' extra" in painter.run.status
    painter.ask(OpenPainting(painter.folder))
    assert "cannot be read" in painter.told


def test_escape_shows_the_automaton_and_keys_spare_the_covered_grid(painter: Painter) -> None:
    painter.paint("obey")
    simulation = painter.controller.stage.simulation
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
    painter.ask(*touches)
    np.testing.assert_array_equal(simulation.read_state(), before)
    painter.ask(actions.Dismiss())
    assert painter.shown.picture is None and not painter.panel.is_shown
    painter.ask(touches[0])
    assert np.abs(simulation.read_state() - before).max() > 0.1
    painter.ask(ShowPainting())
    assert painter.shown.picture is not None
    painter.ask(ShowTab("play"))
    assert painter.shown.picture is None


def test_the_original_shows_as_long_as_it_is_held(painter: Painter) -> None:
    painter.paint("obey")
    painter.ask(ShowOriginal(True))
    np.testing.assert_array_equal(painter.shown.picture, load_picture(painter.photo))  # type: ignore[arg-type]
    painter.ask(ShowOriginal(False))
    assert painter.grey() == FIRST_ITERATIONS
