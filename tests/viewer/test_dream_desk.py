"""A dream of the window from its first frame to its last, with the real worker."""

import os
import signal
from pathlib import Path

import moderngl
import numpy as np
from panel_dreamer import LONG, SHORT, Dreamer, frames_of

from exporters.picture_file import load_picture
from training.dream.dream_files import frame_path
from viewer import actions
from viewer.dream_actions import (
    CloseDream,
    ContinueDream,
    OpenDream,
    PauseDream,
    PlayDream,
    Scrub,
    StopDream,
)
from viewer.training_actions import ShowTab


def test_a_dream_comes_to_the_view_frame_by_frame(dreamer: Dreamer) -> None:
    dreamer.dream()
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    run = dreamer.run
    assert (run.status, run.made_count, run.is_whole) == ("Finished", SHORT, True)
    assert run.name == "photo" and "no diffusion model" in run.dreamer
    newest = load_picture(frame_path(run.folder, SHORT - 1))
    dreamer.poll_until(lambda: dreamer.shown.picture is not None)
    dreamer.poll_until(lambda: np.array_equal(dreamer.shown.picture, newest))  # type: ignore[arg-type]
    dreamer.ask(Scrub(1))
    second = load_picture(frame_path(run.folder, 1))
    dreamer.poll_until(lambda: np.array_equal(dreamer.shown.picture, second))  # type: ignore[arg-type]
    dreamer.ask(PlayDream(True))
    dreamer.poll_until(lambda: dreamer.run.shown_index == SHORT - 1)
    dreamer.poll_until(lambda: all(tile.texture for tile in dreamer.run.film))


def test_escape_shows_the_automaton_again(dreamer: Dreamer) -> None:
    dreamer.dream()
    dreamer.poll_until(lambda: dreamer.shown.picture is not None)
    dreamer.ask(actions.Dismiss())
    assert dreamer.shown.picture is None and dreamer.run.made_count
    dreamer.ask(ShowTab("play"), Scrub(0))
    assert dreamer.shown.picture is None
    dreamer.ask(ShowTab("dream"))
    assert dreamer.shown.picture is not None


def test_the_question_before_closing_goes_with_the_dream(dreamer: Dreamer) -> None:
    dreamer.dream(LONG)
    dreamer.controller.dream.asks_before_closing = True
    dreamer.controller.poll()
    assert dreamer.panel.asks_before_closing
    dreamer.ask(StopDream())
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    assert not dreamer.panel.asks_before_closing


def test_a_dream_pauses_goes_on_and_stops(dreamer: Dreamer) -> None:
    dreamer.dream(LONG)
    dreamer.ask(PauseDream())
    dreamer.poll_until(lambda: dreamer.run.phase == "paused")
    dreamer.ask(ContinueDream())
    dreamer.poll_until(lambda: dreamer.run.phase == "dreaming")
    dreamer.ask(StopDream())
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    run = dreamer.run
    assert run.status == f"Stopped after {run.made_count} of {LONG} frames"
    assert all(frame_path(run.folder, index).is_file() for index in range(run.made_count))
    dreamer.ask(ContinueDream())
    dreamer.poll_until(lambda: dreamer.run.made_count > run.made_count)


def test_after_a_killed_worker_and_a_closed_window_the_frames_are_the_same(
    dreamer: Dreamer, context: moderngl.Context, tmp_path: Path
) -> None:
    dreamer.dream(40)
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    whole = dreamer.run.folder
    dreamer.ask(CloseDream())

    dreamer.dream(40)
    broken = dreamer.run.folder
    assert broken != whole
    process = dreamer.controller.dream._run._client._worker._process  # type: ignore[union-attr]
    os.kill(process.pid, signal.SIGKILL)
    dreamer.poll_until(lambda: dreamer.run.has_ended)
    assert dreamer.run.has_failed and "killed" in dreamer.run.status
    dreamer.controller.release()

    second = Dreamer(context, tmp_path)
    try:
        second.poll_until(lambda: len(second.panel.earlier) == 2)
        kept = {dream.order.folder: dream for dream in second.panel.earlier}
        assert kept[whole].is_whole and not kept[broken].is_whole
        second.ask(OpenDream(broken), ContinueDream())
        second.poll_until(lambda: second.run.has_ended)
        assert frames_of(broken, 40) == frames_of(whole, 40)
    finally:
        second.controller.release()
