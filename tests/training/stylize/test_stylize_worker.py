"""The painting worker: what it tells, and that nothing is lost however it ends."""

import io
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from painting_orders import HEIGHT, WIDTH, new_painting_order
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture
from training.claim import claim
from training.frames import PROTOCOL_VERSION, Hello, Log, Pause
from training.stylize import messenger, worker
from training.stylize.control import Control
from training.stylize.order import StylizeOrder
from training.stylize.painting_files import (
    checkpoint_path,
    content_path,
    lock_path,
    picture_path,
    style_path,
)
from training.stylize.protocol import (
    LANGUAGE,
    BeginPainting,
    Failed,
    Finished,
    IterationDone,
    Message,
    PictureMade,
    State,
    Stop,
    Stopped,
)

# A worker that keeps a checkpoint after every iteration.
KEEPER = """
import sys
from training.stylize import keeping, worker
keeping.KEEP_SECONDS = 0
sys.exit(worker.main())
"""
WORKER = ["-m", "training.stylize.worker"]

React = Callable[[Message, Control], object]


def carry_out(order: StylizeOrder, react: React = lambda message, control: None) -> list[Message]:
    """What the worker says of an order, in this process; `react` answers each message."""
    told: list[Message] = []
    control = Control(lambda: None)

    def send(message: Message) -> None:
        told.append(message)
        react(message, control)

    told.append(worker.carry_out(order, send, control))
    return told


def at_iteration(iteration: int, *wishes: str) -> React:
    """Has those wishes when so many iterations are done, one at each further message."""
    left = list(wishes)

    def react(message: Message, control: Control) -> None:
        is_there = isinstance(message, IterationDone) and message.iteration >= iteration
        if left and (is_there or len(left) < len(wishes)):
            control.ask(left.pop(0))

    return react


def iterations(told: list[Message]) -> list[int]:
    return [message.iteration for message in told if isinstance(message, IterationDone)]


def shown(told: list[Message]) -> list[PictureMade]:
    return [message for message in told if isinstance(message, PictureMade)]


def painted(order: StylizeOrder) -> bytes:
    return picture_path(order.folder).read_bytes()


def speak(*messages: Message, program: list[str] = WORKER, tail: bytes = b"") -> list[Message]:
    """Say this to a real worker, hang up, and hear all that it says."""
    spoken = b"".join(map(LANGUAGE.encode, messages)) + tail
    result = subprocess.run(
        [sys.executable, *program], input=spoken, capture_output=True, check=False
    )
    stream, heard = io.BytesIO(result.stdout), []
    while (message := LANGUAGE.read(stream)) is not None:
        heard.append(message)
    return heard


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The picture of a painting that nothing interrupted."""
    order = new_painting_order(tmp_path_factory.mktemp("whole") / "painting")
    assert carry_out(order)[-1] == Finished()
    return painted(order)


def test_a_painting_is_told_from_the_order_to_the_end(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order)
    assert told[0] == State("preparing")
    assert all(isinstance(message, Log) for message in told[1:3])
    assert "Lichen's own eye" in told[1].text and "Lichen's own eye" in told[2].text
    assert told[3] == State("painting")
    assert iterations(told) == [1, 2, 3, 4, 5, 6]
    done = [message for message in told if isinstance(message, IterationDone)]
    assert {message.iterations for message in done} == {6}
    assert done[-1].loss < done[0].loss
    assert done[0].remaining_seconds > 0 and done[-1].remaining_seconds == 0
    first, *_, last = shown(told)
    assert first.iteration == 0 and last.iteration == 6
    assert isinstance(told[-2], PictureMade) or iterations(told[-2:-1]) == [6]
    assert told[-1] == Finished()
    picture = np.asarray(Image.open(io.BytesIO(last.payload)))
    assert np.array_equal(picture, load_picture(picture_path(order.folder)))
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert painted(order) == whole
    assert not checkpoint_path(order.folder).exists()


def test_what_was_stopped_goes_on_to_the_same_picture(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order, at_iteration(2, "stop"))
    assert iterations(told) == [1, 2]
    assert told[-1] == Stopped()
    assert shown(told)[-1].iteration == 2
    so_far = np.asarray(Image.open(io.BytesIO(shown(told)[-1].payload)))
    assert np.array_equal(so_far, load_picture(picture_path(order.folder)))
    assert checkpoint_path(order.folder).exists()

    moved = order.folder.rename(tmp_path / "moved")
    order = replace(order, folder=moved, device="cpu")
    told = carry_out(order)
    assert Log("resumed at iteration 2") in told
    assert shown(told)[0].iteration == 2
    assert iterations(told) == [3, 4, 5, 6]
    assert told[-1] == Finished()
    assert painted(order) == whole
    assert not checkpoint_path(order.folder).exists()


def test_a_pause_keeps_everything_and_holds(tmp_path: Path, whole: bytes) -> None:
    order = new_painting_order(tmp_path / "painting")
    kept: list[bool] = []

    def react(message: Message, control: Control) -> None:
        match message:
            case IterationDone(2):
                control.ask("pause")
            case State("paused"):
                kept.append(checkpoint_path(order.folder).exists())
                threading.Timer(0.3, lambda: control.ask("paint")).start()

    told = carry_out(order, react)
    paused = told.index(State("paused"))
    assert iterations(told[:paused]) == [1, 2]
    assert shown(told[:paused])[-1].iteration == 2
    assert told[paused + 1] == State("painting")
    assert kept == [True]
    assert painted(order) == whole


def test_a_pause_before_the_first_iteration_and_an_end_of_it(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting")

    def react(message: Message, control: Control) -> None:
        if message == State("preparing"):
            control.ask("pause")
        elif message == State("paused"):
            control.ask("stop")

    told = carry_out(order, react)
    assert told[-1] == Stopped() and not iterations(told)
    assert told.count(State("painting")) == 1


def test_pictures_are_few_and_never_too_large_to_send(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "PICTURE_SECONDS", 1000.0)
    monkeypatch.setattr(messenger, "LARGEST_SENT_SIDE_PIXELS", 24)
    order = new_painting_order(tmp_path / "painting")
    pictures = shown(carry_out(order))
    assert [picture.iteration for picture in pictures] == [0, 6]
    assert Image.open(io.BytesIO(pictures[0].payload)).size == (24, 20)
    assert load_picture(picture_path(order.folder)).shape == (HEIGHT, WIDTH, 3)


def test_a_loss_that_is_no_number_keeps_the_picture_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.losses.content import ContentLoss

    calls: list[int] = []
    honest = ContentLoss.__call__

    def dishonest(self: ContentLoss, *features: dict[str, torch.Tensor]) -> torch.Tensor:
        calls.append(1)
        return honest(self, *features) * (1.0 if len(calls) < 4 else torch.nan)

    monkeypatch.setattr(ContentLoss, "__call__", dishonest)
    order = new_painting_order(tmp_path / "painting")
    told = carry_out(order)
    assert iterations(told) == [1, 2, 3]
    failed = told[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence == "the loss is no number any more; choose a lower learning rate."
    monkeypatch.setattr(ContentLoss, "__call__", honest)
    other = new_painting_order(tmp_path / "other")
    carry_out(other, at_iteration(3, "stop"))
    assert painted(order) == painted(other)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"style_layers": "relu9_9"}, "there is no layer relu9_9"),
        ({"network": "vgg99"}, "vgg99"),
        ({"device": "abacus"}, "abacus cannot be used here"),
        ({"weights": Path("absent.pth"), "network": "vgg16"}, "no weights file absent.pth"),
    ],
)
def test_orders_that_cannot_be_carried_out_are_one_sentence(
    tmp_path: Path, wishes: dict[str, object], words: str
) -> None:
    order = new_painting_order(tmp_path / "painting", **wishes)
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and words in failed.sentence
    assert not picture_path(order.folder).exists()
    assert not checkpoint_path(order.folder).exists()


@pytest.mark.parametrize("path", [content_path, style_path])
def test_without_one_of_its_pictures_nothing_is_painted(
    tmp_path: Path, path: Callable[[Path], Path]
) -> None:
    order = new_painting_order(tmp_path / "painting")
    path(order.folder).unlink()
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "cannot read the picture" in failed.sentence


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            {"loss": "gram"},
            "another painting: they differ in loss; use the same, or begin a new",
        ),
        ({"size_pixels": 40, "iterations": 7}, "they differ in iterations, size;"),
        ({"start": "noise"}, "differ in start;"),
    ],
)
def test_a_checkpoint_of_another_order_is_left_alone(
    tmp_path: Path, wishes: dict[str, object], words: str
) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    kept = checkpoint_path(order.folder).read_bytes()
    failed = carry_out(replace(order, **wishes))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence
    assert checkpoint_path(order.folder).read_bytes() == kept


def test_a_checkpoint_of_another_picture_is_left_alone(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    Image.open(style_path(order.folder)).rotate(180).save(style_path(order.folder))
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "differ in style;" in failed.sentence


@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "pickle"])
def test_a_damaged_checkpoint_is_told(tmp_path: Path, damage: str) -> None:
    order = new_painting_order(tmp_path / "painting")
    carry_out(order, at_iteration(1, "stop"))
    path = checkpoint_path(order.folder)
    match damage:
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:-2000])
        case "foreign":
            torch.save({"plan": {}, "trainer": {}}, path)
        case "pickle":
            torch.save({"recipe": {}, "painting": io.BytesIO()}, path)
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence == f"the checkpoint {path} is damaged; begin a new painting."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TypeError("a mistake of ours"), "unexpected error (TypeError('a mistake of ours'))"),
        (RuntimeError("CUDA out of memory"), "not enough memory for this painting; choose a"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    tmp_path: Path, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("training.stylize.session.prepare_painting", fail)
    failed = carry_out(new_painting_order(tmp_path / "painting"))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence


def test_two_workers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    order = new_painting_order(tmp_path / "painting")
    with claim(lock_path(order.folder), ""), pytest.raises(LichenError, match="still made in"):
        carry_out(order)
    assert not picture_path(order.folder).exists()


@pytest.mark.parametrize("words", [b"", b"nonsense, and much of it"])
def test_a_window_that_hangs_up_or_talks_nonsense_ends_it_with_all_kept(
    tmp_path: Path, words: bytes
) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=100_000)

    def react(message: Message, control: Control) -> None:
        if isinstance(message, IterationDone) and message.iteration == 2:
            control.listen(io.BytesIO(words))

    told = carry_out(order, react)
    assert iterations(told) == [1, 2]
    assert isinstance(told[-1], Failed if words else Stopped)
    assert not words or "cannot be understood" in told[-1].sentence
    assert checkpoint_path(order.folder).exists() and picture_path(order.folder).exists()


def test_killed_at_any_moment_it_goes_on_to_the_same_picture(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=40, loss="patch")
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    process.stdin.write(LANGUAGE.encode(Hello(1)) + LANGUAGE.encode(BeginPainting(order)))
    process.stdin.flush()
    while LANGUAGE.read(process.stdout) not in (None, State("painting")):
        pass
    while isinstance(message := LANGUAGE.read(process.stdout), IterationDone | PictureMade):
        if message.iteration == 3:
            break
    process.kill()
    with process:
        pass
    assert process.returncode == -signal.SIGKILL
    assert picture_path(order.folder).exists()

    told = carry_out(order)
    assert told[-1] == Finished()
    assert 3 <= iterations(told)[0] <= 40
    undisturbed = new_painting_order(tmp_path / "undisturbed", iterations=40, loss="patch")
    carry_out(undisturbed)
    assert painted(order) == painted(undisturbed)


def test_a_signal_ends_it_with_all_kept(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=100_000)
    process = subprocess.Popen(
        [sys.executable, *WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    process.stdin.write(LANGUAGE.encode(Hello(1)) + LANGUAGE.encode(BeginPainting(order)))
    process.stdin.flush()
    while not isinstance(LANGUAGE.read(process.stdout), IterationDone):
        pass
    process.send_signal(signal.SIGTERM)
    last = None
    while (message := LANGUAGE.read(process.stdout)) is not None:
        last = message
    with process:
        pass
    assert last == Stopped()
    assert checkpoint_path(order.folder).exists() and picture_path(order.folder).exists()


def test_a_window_that_hangs_up_at_once_leaves_nothing_half_done(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=100_000)
    greeting, *_, last = speak(Hello(1), BeginPainting(order))
    assert isinstance(greeting, Hello)
    assert last == Stopped()


def test_what_no_window_would_say_is_told(tmp_path: Path) -> None:
    _, failed = speak(Hello(1, PROTOCOL_VERSION + 1))
    assert isinstance(failed, Failed) and "different versions" in failed.sentence
    _, failed = speak(Hello(1), Stop())
    assert isinstance(failed, Failed) and "a Stop came before the order" in failed.sentence
    bad = LANGUAGE.encode(BeginPainting(new_painting_order(tmp_path / "painting")))
    _, failed = speak(Hello(1), tail=bad.replace(b'"iterations": 6', b'"iterations": 0'))
    assert isinstance(failed, Failed) and "takes 1 to 1,000,000 iterations" in failed.sentence


def test_only_wishes_have_a_place() -> None:
    control = Control(lambda: None)
    with pytest.raises(LichenError, match="a Hello has no place here"):
        control.obey(Hello(1))
    control.obey(Pause())
    assert control.wish == "pause"
