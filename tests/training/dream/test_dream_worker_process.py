"""The real dream worker in a process of its own: killed, left alone, told to stop."""

import signal
import time
from functools import partial
from pathlib import Path

import worker_line
from patch_dreams import frames_of, new_patch_dream
from PIL import Image
from worker_follower import Follow, Follower

from training.claim import is_held
from training.dream.dream_files import frame_path, lock_path, log_path
from training.dream.protocol import LANGUAGE, BeginDream, FrameMade, State
from training.endings import Failed, Finished, Stopped
from training.frames import PROTOCOL_VERSION, Hello, Pause
from viewer.dream_client import DreamClient
from viewer.worker_client import WorkerDied

SLEEPER = """
import time
from training.dream import worker
from training.dream.patch_dreamer import PatchDreamer

PatchDreamer.dream = lambda self, frame, settings: time.sleep(600)
worker.main()
"""

speak = partial(worker_line.speak, "training.dream.worker", LANGUAGE)
start = partial(worker_line.start, LANGUAGE)
heard_until = partial(worker_line.heard_until, LANGUAGE)
rest_of = partial(worker_line.rest_of, LANGUAGE)


def newest(dream: Follower) -> int:
    """The newest frame that it has told of."""
    made = dream.newest(FrameMade)
    return made.index if made else -1


def test_a_window_of_another_version_is_refused() -> None:
    hello, failed = speak(Hello(1, PROTOCOL_VERSION + 1))
    assert isinstance(hello, Hello) and hello.version == PROTOCOL_VERSION
    assert isinstance(failed, Failed) and "different versions" in failed.sentence


def test_a_window_that_garbles_is_refused() -> None:
    _, failed = speak(Hello(1), Pause())
    assert isinstance(failed, Failed) and "before the order" in failed.sentence


def test_a_window_that_leaves_ends_the_worker_with_its_frames_kept(tmp_path: Path) -> None:
    order = new_patch_dream(tmp_path / "dream", frames=5000)
    *_, last = speak(Hello(1), BeginDream(order))
    assert last == Stopped()
    assert frame_path(order.folder, 0).exists() and not is_held(lock_path(order.folder))


def test_killed_and_resumed_equals_uninterrupted(
    tmp_path: Path, whole_dream: list[bytes], follow: Follow
) -> None:
    """One worker is killed, the next hung up on, the third stopped, the fourth finishes."""
    order = new_patch_dream(tmp_path / "dream")
    dream = follow(DreamClient(order))
    client = dream.client
    dream.poll_until(lambda: newest(dream) >= 2)
    client.kill()
    dream.poll_to_the_end()
    assert isinstance(client.ending, WorkerDied) and "was killed" in client.ending.sentence
    # As if it had been killed while it wrote.
    kept = newest(dream)
    frame_path(order.folder, kept).write_bytes(whole_dream[kept][:100])
    frame_path(order.folder, kept + 1).with_name(f".frame_{kept + 1:06d}.x.png").write_bytes(b"x")

    client.resume()
    assert client.ending is None
    dream.poll_until(lambda: newest(dream) >= kept + 1)
    client.close()
    dream.poll_to_the_end()
    assert client.ending == Stopped()

    client.resume()
    dream.poll_until(lambda: newest(dream) >= kept + 2)
    client.stop()
    dream.poll_to_the_end()
    assert client.ending in (Stopped(), Finished())

    client.resume()
    dream.poll_to_the_end()
    assert client.ending == Finished()
    assert frames_of(order) == whole_dream
    assert client.wait(60) and not is_held(lock_path(order.folder))
    assert log_path(order.folder).read_text() == ""


def test_a_pause_shows_at_once_and_holds(tmp_path: Path, follow: Follow) -> None:
    order = new_patch_dream(tmp_path / "dream", frames=5000)
    dream = follow(DreamClient(order))
    client = dream.client
    dream.poll_until(lambda: newest(dream) >= 1)
    assert is_held(lock_path(order.folder))
    client.pause()
    dream.poll_until(lambda: dream.newest(State) == State("paused"))
    paused_at = newest(dream)
    time.sleep(1.0)
    dream.poll()
    assert newest(dream) <= paused_at + 1, "more than the frame that was under way"
    client.resume()
    dream.poll_until(lambda: newest(dream) > paused_at + 1)
    assert dream.newest(State) == State("dreaming")
    client.stop()
    dream.poll_to_the_end()
    assert client.ending == Stopped()


def test_a_signal_ends_it_with_its_frames_kept(tmp_path: Path) -> None:
    order = new_patch_dream(tmp_path / "dream", frames=5000)
    process = start("from training.dream import worker; worker.main()", BeginDream(order))
    made = heard_until(process, FrameMade, 2)
    process.send_signal(signal.SIGTERM)
    assert rest_of(process)[-1] == Stopped()
    with Image.open(frame_path(order.folder, made[-1].index)) as frame:
        frame.load()


def test_a_dreamer_that_notices_nothing_is_cut_off(tmp_path: Path) -> None:
    """The window hangs up while a frame takes for ever."""
    process = start(SLEEPER, BeginDream(new_patch_dream(tmp_path / "dream")))
    heard_until(process, State, 2)
    assert process.stdin
    process.stdin.close()
    assert rest_of(process)[-1] == Stopped()
