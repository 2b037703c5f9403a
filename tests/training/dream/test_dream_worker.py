"""The real dream worker in a process of its own: killed, left alone, on a full disk."""

import io
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.errors import LichenError
from training.claim import claim, is_held
from training.dream import worker
from training.dream.control import Control
from training.dream.dream_files import frame_path, lock_path, log_path, reference_path
from training.dream.journey_file import to_journey
from training.dream.order import DreamOrder
from training.dream.protocol import (
    BeginDream,
    Failed,
    Finished,
    FrameMade,
    Message,
    State,
    Stopped,
    encode_message,
    read_message,
)
from training.frames import PROTOCOL_VERSION, Hello, Pause
from viewer.dream_client import DreamClient
from viewer.worker_client import WorkerDied

FRAMES = 40
SIZE = (64, 48)
SLEEPER = """
import time
from training.dream import worker
from training.dream.patch_dreamer import PatchDreamer

PatchDreamer.dream = lambda self, frame, settings: time.sleep(600)
worker.main()
"""


def new_order(folder: Path, frames: int = FRAMES) -> DreamOrder:
    """A dream of the patch dreamer that is ready to be dreamt."""
    generator = np.random.default_rng(3)
    reference_path(folder, 0).parent.mkdir(parents=True)
    for path in (frame_path(folder, 0), reference_path(folder, 0), reference_path(folder, 1)):
        pixels = generator.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
        Image.fromarray(pixels).resize(SIZE).save(path)
    stages = [["one", frames // 2], ["two", frames - frames // 2]]
    journey = to_journey({"stages": stages, "zoom": 1.04, "strength": 0.8, "loop": "portal"})
    return DreamOrder(folder, journey, source="somewhere", size_pixels=SIZE)


def frames_of(order: DreamOrder) -> list[bytes]:
    paths = (frame_path(order.folder, index) for index in range(order.journey.frame_count))
    return [path.read_bytes() if path.exists() else b"" for path in paths]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The frames of a dream that nothing interrupted."""
    order = new_order(tmp_path_factory.mktemp("whole") / "dream")
    assert isinstance(carry_out(order)[-1], Finished)
    frames = frames_of(order)
    assert all(frames) and len(set(frames)) == FRAMES
    return frames


@pytest.fixture
def clients() -> Iterator[list[DreamClient]]:
    """Those started in a test; none outlives it."""
    clients: list[DreamClient] = []
    yield clients
    for client in clients:
        client.kill()
        assert client.wait(60)


def carry_out(order: DreamOrder) -> list[Message]:
    """What the worker says of an order, in this process."""
    told: list[Message] = []
    control = Control(told.append, lambda: None)
    told.append(worker.carry_out(BeginDream(order), told.append, control, nullcontext()))
    return told


def speak(*messages: Message, tail: bytes = b"") -> list[Message]:
    """Say this to a real worker, hang up, and hear all that it says."""
    result = subprocess.run(
        [sys.executable, "-m", "training.dream.worker"],
        input=b"".join(map(encode_message, messages)) + tail,
        capture_output=True,
        check=False,
    )
    stream, heard = io.BytesIO(result.stdout), []
    while (message := read_message(stream)) is not None:
        heard.append(message)
    return heard


def start(order: DreamOrder, program: str) -> subprocess.Popen[bytes]:
    """A worker with its order."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    process.stdin.write(encode_message(Hello(1)) + encode_message(BeginDream(order)))
    process.stdin.flush()
    return process


def heard_until(process: subprocess.Popen[bytes], kind: type, count: int) -> list[Message]:
    """The first so many messages of a kind."""
    assert process.stdout
    found: list[Message] = []
    while len(found) < count:
        message = read_message(process.stdout)
        assert message is not None
        found += [message] if isinstance(message, kind) else []
    return found


def rest_of(process: subprocess.Popen[bytes]) -> list[Message]:
    """What a worker says before it ends, as it should."""
    assert process.stdin and process.stdout
    found: list[Message] = []
    while (message := read_message(process.stdout)) is not None:
        found.append(message)
    assert process.wait(60) == 0
    process.stdin.close()
    process.stdout.close()
    return found


def poll_until(client: DreamClient, condition: Callable[[], bool]) -> float:
    """Wait for it, and give the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + 600
        client.poll()
        assert client.ending is None or condition(), client.ending
        time.sleep(0.002)
    return time.monotonic() - began


def newest(client: DreamClient) -> int:
    return client.progress.index if client.progress else -1


def test_a_window_of_another_version_is_refused() -> None:
    hello, failed = speak(Hello(1, PROTOCOL_VERSION + 1))
    assert isinstance(hello, Hello) and hello.version == PROTOCOL_VERSION
    assert isinstance(failed, Failed) and "different versions" in failed.sentence


def test_a_window_that_garbles_is_refused() -> None:
    _, failed = speak(Hello(1), Pause())
    assert isinstance(failed, Failed) and "before the order" in failed.sentence


def test_a_window_that_leaves_ends_the_worker_with_its_frames_kept(tmp_path: Path) -> None:
    order = new_order(tmp_path / "dream", frames=5000)
    *_, last = speak(Hello(1), BeginDream(order))
    assert last == Stopped()
    assert frame_path(order.folder, 0).exists() and not is_held(lock_path(order.folder))


def test_killed_and_resumed_equals_uninterrupted(
    tmp_path: Path, whole: list[bytes], clients: list[DreamClient]
) -> None:
    """One worker is killed, the next hung up on, the third stopped, the fourth finishes."""
    order = new_order(tmp_path / "dream")
    client = DreamClient(order)
    clients.append(client)
    poll_until(client, lambda: newest(client) >= 2)
    client.kill()
    poll_until(client, lambda: client.ending is not None)
    assert isinstance(client.ending, WorkerDied) and "was killed" in client.ending.sentence
    assert client.can_resume
    # As if it had been killed while it wrote.
    kept = newest(client)
    frame_path(order.folder, kept).write_bytes(whole[kept][:100])
    frame_path(order.folder, kept + 1).with_name(f".frame_{kept + 1:06d}.x.png").write_bytes(b"x")

    client.resume()
    assert client.ending is None and client.phase == "preparing"
    poll_until(client, lambda: newest(client) >= kept + 1)
    client.close()
    poll_until(client, lambda: client.ending is not None)
    assert client.ending == Stopped()

    client.resume()
    poll_until(client, lambda: newest(client) >= kept + 2)
    client.stop()
    poll_until(client, lambda: client.ending is not None)
    assert client.ending in (Stopped(), Finished())

    client.resume()
    poll_until(client, lambda: client.ending is not None)
    assert client.ending == Finished() and not client.can_resume
    assert frames_of(order) == whole
    assert client.wait(60) and not is_held(lock_path(order.folder))
    assert log_path(order.folder).read_text() == ""


def test_a_pause_shows_at_once_and_holds(tmp_path: Path, clients: list[DreamClient]) -> None:
    order = new_order(tmp_path / "dream", frames=5000)
    client = DreamClient(order)
    clients.append(client)
    poll_until(client, lambda: newest(client) >= 1)
    assert is_held(lock_path(order.folder))
    client.pause()
    seconds = poll_until(client, lambda: client.phase == "paused")
    print(f"paused after {1000 * seconds:.0f} ms")
    paused_at = newest(client)
    time.sleep(1.0)
    client.poll()
    assert newest(client) <= paused_at + 1, "more than the frame that was under way"
    client.resume()
    poll_until(client, lambda: newest(client) > paused_at + 1)
    assert client.phase == "dreaming"
    client.stop()
    seconds = poll_until(client, lambda: client.ending is not None)
    print(f"stopped after {1000 * seconds:.0f} ms")
    assert client.ending == Stopped()


def test_a_signal_ends_it_with_its_frames_kept(tmp_path: Path) -> None:
    order = new_order(tmp_path / "dream", frames=5000)
    process = start(order, "from training.dream import worker; worker.main()")
    made = heard_until(process, FrameMade, 2)
    process.send_signal(signal.SIGTERM)
    assert rest_of(process)[-1] == Stopped()
    with Image.open(frame_path(order.folder, made[-1].index)) as frame:
        frame.load()


def test_a_dreamer_that_notices_nothing_is_cut_off(tmp_path: Path) -> None:
    """The window hangs up while a frame takes for ever."""
    process = start(new_order(tmp_path / "dream"), SLEEPER)
    heard_until(process, State, 2)
    assert process.stdin
    process.stdin.close()
    assert rest_of(process)[-1] == Stopped()


@pytest.mark.parametrize("damage", ["gone", "empty", "half", "another size"])
def test_a_damaged_frame_is_dreamt_again(tmp_path: Path, whole: list[bytes], damage: str) -> None:
    order = new_order(tmp_path / "dream")
    for index in range(1, FRAMES):
        frame_path(order.folder, index).write_bytes(whole[index])
    path = frame_path(order.folder, 5)
    match damage:
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "half":
            path.write_bytes(whole[5][: len(whole[5]) // 2])
        case "another size":
            Image.new("RGB", (40, 32)).save(path)
    told = carry_out(order)
    made = [message.index for message in told if isinstance(message, FrameMade)]
    assert made == list(range(4, FRAMES))
    assert frames_of(order) == whole


def test_a_whole_dream_is_told_and_left_alone(tmp_path: Path, whole: list[bytes]) -> None:
    order = new_order(tmp_path / "dream")
    for index in range(1, FRAMES):
        frame_path(order.folder, index).write_bytes(whole[index])
    _, made, finished = carry_out(order)
    assert made == FrameMade(FRAMES - 1, FRAMES, 0.0, 0.0) and finished == Finished()


def test_without_its_first_frame_a_dream_says_so(tmp_path: Path) -> None:
    order = new_order(tmp_path / "dream")
    frame_path(order.folder, 0).write_bytes(b"")
    failed = carry_out(order)[-1]
    assert isinstance(failed, Failed) and "missing or damaged" in failed.sentence
    failed = carry_out(replace(order, source=None))[-1]
    assert isinstance(failed, Failed) and "cannot begin with words" in failed.sentence


def test_a_full_disk_keeps_the_frames_so_far(tmp_path: Path, whole: list[bytes]) -> None:
    """Files of more than so many bytes cannot be written; which the fourth frame is."""
    order = new_order(tmp_path / "dream")
    for index in range(1, 4):
        frame_path(order.folder, index).write_bytes(whole[index])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        failed = carry_out(order)[-1]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(failed, Failed)
    assert failed.sentence.startswith(f"cannot write {frame_path(order.folder, 4)}: File too large")
    assert frames_of(order)[:5] == [*whole[:4], b""]
    assert sorted(path.name for path in order.folder.glob(".*")) == []
    assert carry_out(order)[-1] == Finished()
    assert frames_of(order) == whole


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TypeError("a mistake of ours"), "unexpected error (TypeError('a mistake of ours'))"),
        (MemoryError(), "not enough memory for this dream; choose a smaller picture"),
        (RuntimeError("CUDA out of memory"), "not enough memory for this dream"),
        (ModuleNotFoundError(name="diffusers.models"), "the 'dream' extra, of which diffusers is"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    tmp_path: Path, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("training.dream.session.build_dreamer", fail)
    failed = carry_out(new_order(tmp_path / "dream"))[-1]
    assert isinstance(failed, Failed) and words in failed.sentence


def test_two_workers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.claim.CLAIM_SECONDS", 0.1)
    order = new_order(tmp_path / "dream")
    with claim(lock_path(order.folder), ""), pytest.raises(LichenError, match="still writing"):
        carry_out(order)
    assert not frame_path(order.folder, 1).exists()


def test_frames_are_written_where_nobody_may_cut_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbroken = threading.Lock()
    held: list[bool] = []
    monkeypatch.setattr(
        "training.dream.session.save_picture", lambda *given: held.append(unbroken.locked())
    )
    order = new_order(tmp_path / "dream", frames=3)
    control = Control(lambda message: held.append(not unbroken.locked()), lambda: None)
    worker.carry_out(BeginDream(order), lambda message: None, control, unbroken)
    assert len(held) == 4 and all(held)
