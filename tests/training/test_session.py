"""A training at a window's command, without the window and its process."""

import io
import itertools
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.gallery import preview_path
from training.budget import Budget
from training.control import Control, Wish
from training.order import TrainingOrder
from training.plan import TrainingPlan
from training.protocol import (
    Advanced,
    CheckAdvanced,
    Finished,
    Phase,
    PoolPictures,
    RolledBack,
    Snapshot,
    State,
    Stopped,
    ToWindow,
)
from training.run_files import checkpoint_path
from training.run_status import read_status
from training.session import NOTHING_LEARNT, Session
from training.targets.texture import TextureTarget

PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=4, most_steps=6, grid_cells=16, batch=1, pool_size=4
)


@pytest.fixture(autouse=True)
def _short_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.finish.PREVIEW_STEPS", 8)


@pytest.fixture
def order(tmp_path: Path) -> TrainingOrder:
    rows, columns = np.indices((40, 40)) // 4
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[..., 0] = (rows + columns) % 2 * 255
    Image.fromarray(pixels).save(tmp_path / "checks.png")
    return TrainingOrder(
        tmp_path / "checks.png",
        tmp_path / "mine.safetensors",
        plan=PLAN,
        budget=Budget(iterations=3),
        loss="patch",
        check=False,
    )


React = Callable[[ToWindow, Control], None]


class Listener:
    """A window that writes everything down, and may answer at once."""

    def __init__(self, react: React = lambda message, control: None) -> None:
        self.messages: list[ToWindow] = []
        self.control = Control(lambda: None, lambda: None)
        self._react = react

    def send(self, message: ToWindow) -> None:
        self.messages.append(message)
        self._react(message, self.control)

    def run(self, order: TrainingOrder) -> Finished | Stopped:
        return Session(order, self.send, self.control).run()

    def phases(self) -> list[str]:
        return [message.phase for message in self.messages if isinstance(message, State)]

    def progress(self) -> list[Advanced]:
        return [message for message in self.messages if isinstance(message, Advanced)]


def at_iteration(iteration: int, wish: Wish) -> React:
    def react(message: ToWindow, control: Control) -> None:
        if isinstance(message, Advanced) and message.iteration == iteration:
            control.ask(wish)

    return react


def test_a_training_goes_to_its_end_and_tells_all(order: TrainingOrder) -> None:
    listener = Listener()
    ending = listener.run(replace(order, check=True))
    assert isinstance(ending, Finished) and ending.path == order.output
    verdict = load_automaton(order.output).verdict
    assert verdict is not None and ending.verdict == str(verdict)
    assert listener.phases() == ["preparing", "training", "checking"]
    check = listener.messages[listener.messages.index(State("checking")) + 1 : -1]
    assert check and all(isinstance(message, CheckAdvanced) for message in check)
    assert [advanced.iteration for advanced in listener.progress()] == [1, 2, 3]
    assert listener.progress()[-1].completed == 1
    snapshots = [message for message in listener.messages if isinstance(message, Snapshot)]
    assert [snapshots[0].iteration, snapshots[-1].iteration] == [1, 3]
    assert snapshots[-1].payload == order.output.read_bytes()
    (pictures,) = (message for message in listener.messages if isinstance(message, PoolPictures))
    assert pictures.pictures().shape == (4, 16, 16, 3)
    assert load_automaton(order.output).channels == PLAN.channels
    assert preview_path(order.output).is_file()
    status = read_status(order.output)
    assert status is not None
    assert (status.phase, status.iteration, status.completed) == ("finished", 3, 1.0)
    assert status.sentence == str(verdict)


def test_a_pause_keeps_everything_and_costs_no_time(order: TrainingOrder) -> None:
    kept: list[bool] = []
    seconds: list[float] = []

    def react(message: ToWindow, control: Control) -> None:
        at_iteration(2, "pause")(message, control)
        if isinstance(message, Advanced):
            seconds.append(time.monotonic())
        if message == State("paused"):
            kept.extend([order.output.is_file(), checkpoint_path(order.output).is_file()])
            time.sleep(0.5)
            control.ask("train")

    listener = Listener(react)
    assert isinstance(listener.run(order), Finished)
    assert kept == [True, True]
    assert listener.phases() == ["preparing", "training", "paused", "training", "checking"]
    before_the_pause = listener.messages[: listener.messages.index(State("paused"))]
    assert isinstance(before_the_pause[-1], Snapshot) and before_the_pause[-1].iteration == 2
    _, before, after = listener.progress()
    assert after.elapsed_seconds - before.elapsed_seconds < seconds[2] - seconds[1] - 0.4


def test_a_checkpoint_holds_the_candidate_of_its_iteration(
    order: TrainingOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.session.KEEP_SECONDS", 0.0)
    kept: list[list[int]] = []

    def react(message: ToWindow, control: Control) -> None:
        if isinstance(message, Advanced) and message.iteration > 1:  # not written down yet
            kept.append(list(torch.load(checkpoint_path(order.output))["trainer"]["candidates"]))

    Listener(react).run(replace(order, budget=Budget(iterations=7)))
    assert kept == [[], [], [], [], [], [6]]  # 85 % of them


def test_stopping_keeps_what_is_there(order: TrainingOrder) -> None:
    listener = Listener(at_iteration(2, "finish"))
    assert isinstance(listener.run(order), Finished)
    assert listener.progress()[-1].iteration == 2
    assert load_automaton(order.output).hidden == PLAN.hidden


def at_phase(phase: Phase, wish: Wish) -> React:
    def react(message: ToWindow, control: Control) -> None:
        if message == State(phase):
            control.ask(wish)

    return react


def pause_and_finish(message: ToWindow, control: Control) -> None:
    at_phase("training", "pause")(message, control)
    at_phase("paused", "finish")(message, control)


@pytest.mark.parametrize("react", [at_phase("training", "finish"), pause_and_finish])
def test_what_has_learnt_nothing_is_not_kept(order: TrainingOrder, react: React) -> None:
    listener = Listener(react)
    assert isinstance(listener.run(order), Stopped)
    assert "checking" not in listener.phases() and listener.progress() == []
    assert not order.output.exists() and not checkpoint_path(order.output).exists()
    status = read_status(order.output)
    assert status is not None and (status.phase, status.sentence) == ("failed", NOTHING_LEARNT)


def test_what_was_learnt_before_is_kept_without_another_iteration(order: TrainingOrder) -> None:
    Listener(at_iteration(2, "leave")).run(order)
    listener = Listener(at_phase("training", "finish"))
    assert isinstance(listener.run(replace(order, resume=True)), Finished)
    assert listener.progress() == [] and load_automaton(order.output).hidden == PLAN.hidden


def test_what_is_left_can_be_resumed_with_its_time(order: TrainingOrder) -> None:
    assert isinstance(Listener(at_iteration(2, "leave")).run(order), Stopped)
    status = read_status(order.output)
    assert status is not None and (status.phase, status.iteration) == ("training", 2)
    resumed = Listener()
    resumed.run(replace(order, resume=True))
    (last,) = resumed.progress()
    assert last.iteration == 3
    assert last.elapsed_seconds > status.elapsed_seconds > 0


def test_a_discarded_training_is_not_checked(order: TrainingOrder) -> None:
    listener = Listener(at_iteration(1, "discard"))
    assert isinstance(listener.run(order), Stopped)
    assert "checking" not in listener.phases()


def test_garbled_words_are_told_at_the_end(order: TrainingOrder) -> None:
    def react(message: ToWindow, control: Control) -> None:
        if isinstance(message, Advanced):
            control.listen(io.BytesIO(b"nonsense, and much of it"))

    listener = Listener(react)
    with pytest.raises(LichenError, match="cannot be understood"):
        listener.run(order)
    assert checkpoint_path(order.output).is_file()


def break_the_loss(monkeypatch: pytest.MonkeyPatch, calls: range) -> None:
    """Let the style loss be no number at these calls."""
    counter = itertools.count()
    whole = TextureTarget.loss

    def loss(self: TextureTarget, states: Tensor, generator: torch.Generator) -> Tensor:
        return whole(self, states, generator) * (float("nan") if next(counter) in calls else 1.0)

    monkeypatch.setattr(TextureTarget, "loss", loss)


def test_a_loss_that_is_no_number_goes_back_and_says_so(
    order: TrainingOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_the_loss(monkeypatch, range(2, 3))
    listener = Listener()
    assert isinstance(listener.run(order), Finished)
    assert RolledBack(0) in listener.messages
    assert [advanced.iteration for advanced in listener.progress()] == [1, 2, 1, 2, 3]


def test_a_loss_that_stays_no_number_leaves_a_good_checkpoint(order: TrainingOrder) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.loop.GOOD_STATE_EVERY_ITERATIONS", 1)
        break_the_loss(patch, range(2, 10**9))
        with pytest.raises(LichenError, match="no longer a number"):
            Listener().run(order)
    assert isinstance(Listener().run(replace(order, resume=True)), Finished)
    assert np.isfinite(load_automaton(order.output).hidden_weight).all()


def test_a_full_disk_costs_no_earlier_checkpoint(order: TrainingOrder) -> None:
    Listener(at_iteration(1, "leave")).run(order)
    before = checkpoint_path(order.output).read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def react(message: ToWindow, control: Control) -> None:
        if isinstance(message, Advanced):
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))

    try:
        with pytest.raises(LichenError, match="cannot write"):
            Listener(react).run(replace(order, resume=True))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert checkpoint_path(order.output).read_bytes() == before
    assert [path for path in order.output.parent.iterdir() if path.name.startswith(".")] == []
