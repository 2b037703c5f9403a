"""The real worker in a process of its own: killed, left alone, misunderstood."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import worker_line
from PIL import Image
from worker_line import decoded

from exporters.automaton_file import load_automaton, save_automaton
from exporters.errors import LichenError
from support import random_automaton
from training import worker
from training.budget import Budget
from training.control import Control
from training.frames import PROTOCOL_VERSION, Hello, Pause
from training.loop import Training
from training.order import TrainingOrder
from training.plain_json import to_plain
from training.plan import TrainingPlan
from training.prepare import prepare_trainer
from training.protocol import LANGUAGE, Failed, Finished, Stopped
from training.run_files import checkpoint_path, log_path
from training.run_status import claimed, is_claimed, read_status
from viewer.training_client import TrainingClient, WorkerDied
from viewer.training_runs import stop_run

ITERATIONS = 60
PLAN = TrainingPlan(
    channels=4, hidden=8, fewest_steps=4, most_steps=6, grid_cells=32, batch=2, pool_size=4
)

NOISE = """
import os
from training.frames import Hello
from training.protocol import write_message
from training.serving import take_standard_streams

commands, stream = take_standard_streams()
print("printed by a library", flush=True)
os.write(1, b"written by a library")
os.system("echo echoed by a library")
write_message(stream, Hello(1))
print(commands.read(7), flush=True)
"""

WINDOW = """
import json, sys, time
from training.order import TrainingOrder
from training.plain_json import from_plain
from viewer.training_client import TrainingClient

client = TrainingClient(from_plain(TrainingOrder, json.loads(sys.argv[1])))
while client.progress is None:
    client.poll()
    assert client.ending is None, client.ending
    time.sleep(0.01)
client.detach()
print(client.progress.iteration)
"""

speak = partial(worker_line.speak, "training.worker", LANGUAGE)


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> TrainingOrder:
    folder = tmp_path_factory.mktemp("exemplar")
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[::4] = pixels[:, ::5] = 255
    Image.fromarray(pixels).save(folder / "net.png")
    return TrainingOrder(
        folder / "net.png",
        folder / "net.safetensors",
        plan=PLAN,
        budget=Budget(iterations=ITERATIONS),
        loss="patch",
        check=False,
    )


def in_folder(order: TrainingOrder, folder: Path) -> TrainingOrder:
    return replace(order, output=folder / "net.safetensors")


def iteration_of(client: TrainingClient) -> int:
    return client.progress.iteration if client.progress else 0


def poll_until(client: TrainingClient, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 1200
    while not condition():
        assert time.monotonic() < deadline
        client.poll()
        time.sleep(0.005)


def test_libraries_that_print_do_no_harm() -> None:
    result = subprocess.run(
        [sys.executable, "-c", NOISE], input=b"command", capture_output=True, check=True
    )
    assert decoded(LANGUAGE, result.stdout) == [Hello(1)]
    for words in (b"printed by", b"written by", b"echoed by", b"b'command'"):
        assert words in result.stderr


def test_a_window_of_another_version_is_refused() -> None:
    hello, failed = speak(Hello(1, PROTOCOL_VERSION + 1))
    assert isinstance(hello, Hello) and hello.version == PROTOCOL_VERSION
    assert isinstance(failed, Failed) and "different versions" in failed.sentence


def test_a_window_that_garbles_is_refused() -> None:
    _, failed = speak(Hello(1), Pause())
    assert isinstance(failed, Failed) and "before the order" in failed.sentence
    _, failed = speak(tail=b"nonsense, and much of it")
    assert isinstance(failed, Failed) and "cannot be understood" in failed.sentence


def test_a_window_that_leaves_before_it_orders_ends_the_worker() -> None:
    (hello,) = speak()
    assert isinstance(hello, Hello)


def test_killed_and_resumed_equals_uninterrupted(order: TrainingOrder, tmp_path: Path) -> None:
    """One worker is killed, the next is left by its window, the third goes to the end."""
    client = TrainingClient(in_folder(order, tmp_path))
    poll_until(client, lambda: client.progress is not None)
    client.pause()
    poll_until(client, lambda: client.phase == "paused")
    paused_at = iteration_of(client)
    assert is_claimed(client.order.output)
    client.resume()
    poll_until(client, lambda: iteration_of(client) > paused_at)
    client.kill()
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, WorkerDied)
    assert client.ending.checkpoint_kept and "was killed" in client.ending.sentence
    assert client.snapshot is not None and client.snapshot.iteration >= paused_at

    client.resume()
    poll_until(client, lambda: iteration_of(client) > paused_at + 5)
    client.close()
    poll_until(client, lambda: client.ending is not None)
    status = read_status(client.order.output)
    assert status is not None and status.phase == "training"
    assert paused_at + 5 < status.iteration < ITERATIONS
    assert not is_claimed(client.order.output)

    client.resume()
    poll_until(client, lambda: iteration_of(client) == ITERATIONS and client.phase == "checking")
    resumed = client.snapshot.automaton()
    client.kill()
    assert client.wait(60)
    assert client.losses.iterations.tolist() == list(range(1, ITERATIONS + 1))
    whole = prepare_trainer(order)
    Training(whole, order.budget).run()
    for name in ("hidden_weight", "hidden_bias", "update_weight"):
        expected = getattr(whole.to_automaton(), name)
        np.testing.assert_array_equal(getattr(resumed, name), expected)


@pytest.mark.parametrize("keep", [True, False])
def test_a_training_that_gets_ready_can_be_ended(
    order: TrainingOrder, tmp_path: Path, keep: bool
) -> None:
    client = TrainingClient(in_folder(order, tmp_path))
    client.stop(keep)
    poll_until(client, lambda: client.ending is not None)
    assert client.ending == Stopped() and client.is_unwanted
    assert not client.order.output.exists() and not client.can_resume


def test_a_resumed_training_that_gets_ready_can_be_finished(
    order: TrainingOrder, tmp_path: Path
) -> None:
    client = TrainingClient(in_folder(order, tmp_path))
    poll_until(client, lambda: client.progress is not None)
    client.close()
    poll_until(client, lambda: client.ending is not None)
    learnt = iteration_of(client)
    client.resume()
    client.stop(keep=True)
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, Finished) and not client.is_unwanted
    assert client.snapshot is not None and client.snapshot.iteration == iteration_of(client)
    assert iteration_of(client) == learnt and client.order.output.exists()


def test_a_training_goes_on_from_an_automaton(order: TrainingOrder, tmp_path: Path) -> None:
    older = random_automaton(PLAN.channels, PLAN.hidden)
    save_automaton(older, tmp_path / "older.safetensors")
    client = TrainingClient(
        replace(
            in_folder(order, tmp_path),
            budget=Budget(iterations=1),
            start_from=tmp_path / "older.safetensors",
        )
    )
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, Finished) and client.snapshot is not None
    younger = client.snapshot.automaton()
    # Adam's first step moves no weight by more than the learning rate.
    for name in ("hidden_weight", "hidden_bias", "update_weight"):
        difference = getattr(younger, name) - getattr(older, name)
        assert np.abs(difference).max() < 2 * PLAN.learning_rate


def test_a_detached_worker_outlives_its_window(order: TrainingOrder, tmp_path: Path) -> None:
    endless = replace(in_folder(order, tmp_path), budget=Budget(iterations=10**6))
    words = [sys.executable, "-c", WINDOW, json.dumps(to_plain(endless))]
    window = subprocess.run(words, capture_output=True, text=True, check=True)
    assert is_claimed(endless.output)
    status = read_status(endless.output)
    assert status is not None and status.phase == "training"
    assert stop_run(endless)
    deadline = time.monotonic() + 1200
    while is_claimed(endless.output):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ended = read_status(endless.output)
    assert ended is not None and ended.phase == "finished", log_path(endless.output).read_text()
    assert ended.iteration > int(window.stdout)
    assert load_automaton(endless.output).hidden == PLAN.hidden


def carry_out(order: TrainingOrder) -> Failed:
    """What the worker says of an order that cannot be carried out."""
    control = Control(lambda: None, lambda: None)
    ending = worker.carry_out(order, lambda message: None, control)
    assert isinstance(ending, Failed)
    status = read_status(order.output)
    assert status is not None and (status.phase, status.sentence) == ("failed", ending.sentence)
    return ending


def test_what_the_user_can_mend_is_one_sentence(order: TrainingOrder, tmp_path: Path) -> None:
    flat = tmp_path / "flat.png"
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(flat)
    failed = carry_out(replace(in_folder(order, tmp_path), image=flat))
    assert "one flat colour" in failed.sentence
    assert not failed.checkpoint_kept


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TypeError("a mistake of ours"), "unexpected error (TypeError('a mistake of ours'))"),
        (MemoryError(), "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "not enough memory"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    order: TrainingOrder,
    tmp_path: Path,
    error: Exception,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("training.session.prepare_trainer", fail)
    order = in_folder(order, tmp_path)
    checkpoint_path(order.output).touch()
    failed = carry_out(order)
    assert words in failed.sentence and failed.checkpoint_kept
    assert ("Traceback" in capsys.readouterr().err) == ("unexpected" in words)


def test_two_workers_never_share_a_folder(
    order: TrainingOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    order = in_folder(order, tmp_path)
    control = Control(lambda: None, lambda: None)
    with claimed(order.output), pytest.raises(LichenError, match="still writing"):
        worker.carry_out(order, lambda message: None, control)
    assert read_status(order.output) is None
