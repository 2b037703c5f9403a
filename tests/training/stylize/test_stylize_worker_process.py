"""The real painting worker in a process of its own: killed, hung up on, spoken to wrongly."""

import signal
from functools import partial
from pathlib import Path

import worker_line
from painting_orders import new_painting_order
from painting_worker import carry_out, iterations, painted

from training.endings import Failed, Finished, Stop, Stopped
from training.frames import PROTOCOL_VERSION, Hello
from training.stylize.painting_files import checkpoint_path, picture_path
from training.stylize.protocol import LANGUAGE, BeginPainting, IterationDone

# A worker that keeps a checkpoint after every iteration.
KEEPER = """
import sys
from training.stylize import keeping, worker
keeping.KEEP_SECONDS = 0
sys.exit(worker.main())
"""
WORKER = "from training.stylize import worker; worker.main()"

speak = partial(worker_line.speak, "training.stylize.worker", LANGUAGE)
start = partial(worker_line.start, LANGUAGE)


def test_killed_at_any_moment_it_goes_on_to_the_same_picture(tmp_path: Path) -> None:
    order = new_painting_order(tmp_path / "painting", iterations=40, loss="patch")
    process = start(KEEPER, BeginPainting(order))
    worker_line.heard_until(LANGUAGE, process, IterationDone, 3)
    with process:
        process.kill()
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
    process = start(WORKER, BeginPainting(order))
    worker_line.heard_until(LANGUAGE, process, IterationDone, 1)
    process.send_signal(signal.SIGTERM)
    assert worker_line.rest_of(LANGUAGE, process)[-1] == Stopped()
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
