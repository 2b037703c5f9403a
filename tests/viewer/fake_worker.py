"""Stands in for `training.worker`: speaks the protocol, trains nothing, needs no PyTorch.

What it does is the name of the order: one of the functions below.
"""

import os
import sys
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np

from exporters.automaton_file import automaton_to_bytes
from support import random_automaton
from training.frames import PROTOCOL_VERSION, Continue, Hello, Log, Pause
from training.order import TrainingOrder
from training.protocol import (
    Advanced,
    Begin,
    CheckAdvanced,
    Detach,
    Failed,
    Finished,
    Message,
    PoolPictures,
    Snapshot,
    State,
    Stop,
    Stopped,
    read_message,
    write_message,
)
from training.run_files import checkpoint_path
from training.run_status import note_phase

CHATTER = 200
# The weights that `check` ends with are others than those of its snapshot.
RESULT_SEED = 2


class Worker:
    """Both ends of the line, and the order."""

    def __init__(self) -> None:
        self.commands: BinaryIO = sys.stdin.buffer
        self.stream: BinaryIO = sys.stdout.buffer
        assert isinstance(read_message(self.commands), Hello)
        begin = read_message(self.commands)
        assert isinstance(begin, Begin)
        self.order: TrainingOrder = begin.order

    def say(self, *messages: Message) -> None:
        for message in messages:
            write_message(self.stream, message)

    def advance(self, iteration: int, loss: float = 0.5) -> None:
        pixels = np.full((1, 2, 2, 3), iteration % 256, np.uint8)
        self.say(
            Advanced(iteration, loss, 0.5, 1.0, 1.0, 1.0),
            Snapshot(iteration, loss, automaton_to_bytes(random_automaton(4, 8))),
            PoolPictures.of(iteration, pixels),
        )


def finish(worker: Worker) -> None:
    """One iteration, and the end."""
    worker.say(Hello(os.getpid()), State("training"))
    worker.advance(1)
    worker.order.output.write_bytes(automaton_to_bytes(random_automaton(4, 8)))
    worker.say(Finished(worker.order.output, "stable"))


def grow_old(worker: Worker) -> None:
    """One iteration, another at the window's first word, and the end."""
    worker.say(Hello(os.getpid()), State("training"))
    worker.advance(1)
    read_message(worker.commands)
    worker.advance(2)
    worker.order.output.write_bytes(automaton_to_bytes(random_automaton(4, 8)))
    worker.say(Finished(worker.order.output, "stable"))


def grow_older(worker: Worker) -> None:
    """Another iteration at the window's first word, and the end at its second."""
    worker.say(Hello(os.getpid()), State("training"))
    worker.advance(1)
    read_message(worker.commands)
    worker.advance(2)
    read_message(worker.commands)
    worker.order.output.write_bytes(automaton_to_bytes(random_automaton(4, 8)))
    worker.say(Finished(worker.order.output, "stable"))


def chatter(worker: Worker) -> None:
    """More than any window wants to hear."""
    worker.say(Hello(os.getpid()))
    for iteration in range(1, CHATTER + 1):
        worker.advance(iteration, float(iteration))
        worker.say(Log(f"sentence {iteration}"), CheckAdvanced(iteration, CHATTER, "", 0.5))
    worker.say(Failed("enough", checkpoint_kept=False))


def speak_another_version(worker: Worker) -> None:
    """As after an update of Lichen under an open window."""
    worker.say(Hello(os.getpid(), PROTOCOL_VERSION + 1))
    time.sleep(60)


def garble(worker: Worker) -> None:
    """As a library would that prints to standard output."""
    worker.say(Hello(os.getpid()))
    os.write(1, b"Warning: this is no frame\n")
    time.sleep(60)


def die(worker: Worker) -> None:
    """Without a word; it leaves a checkpoint the first time, and resumes the second."""
    if worker.order.resume:
        finish(worker)
        return
    worker.say(Hello(os.getpid()))
    worker.advance(1)
    checkpoint_path(worker.order.output).touch()
    os._exit(3)


def die_young(worker: Worker) -> None:
    """Before anything was written down."""
    worker.say(Hello(os.getpid()))
    worker.advance(1)
    os._exit(3)


def refuse(worker: Worker) -> None:
    """Before anything was learnt."""
    sentence = f"{worker.order.image} is flat."
    note_phase(worker.order.output, "failed", sentence)
    worker.say(Hello(os.getpid()), Failed(sentence, checkpoint_kept=False))


def fail_slowly(worker: Worker) -> None:
    """As a process does that has much to unload; it stays until the next has finished."""
    if worker.order.resume:
        finish(worker)
        return
    checkpoint_path(worker.order.output).touch()
    worker.say(Hello(os.getpid()), Failed("the disk is full.", checkpoint_kept=True))
    deadline = time.monotonic() + 60
    while not worker.order.output.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def obey(worker: Worker) -> None:
    """Do as it is told, and leave a mark of how it ended."""
    worker.say(Hello(os.getpid()), State("training"))
    worker.advance(1)
    mark = "hung up"
    while (message := read_message(worker.commands)) is not None:
        match message:
            case Pause():
                worker.say(State("paused"))
            case Continue():
                worker.say(State("training"))
            case Stop(True):
                worker.say(Finished(worker.order.output, "stable"))
                return
            case Stop(False):
                worker.say(Stopped())
                return
            case Detach():
                mark = "detached"
    Path(worker.order.output).with_name("mark").write_text(mark)


def linger(worker: Worker) -> None:
    """Ready to learn, but it has not begun when the window wants its end."""
    worker.say(Hello(os.getpid()), State("training"))
    while (message := read_message(worker.commands)) is not None:
        if isinstance(message, Stop):
            worker.say(Stopped())
            return


def check(worker: Worker) -> None:
    """All is learnt, and the check takes until the window says so or hangs up."""
    worker.say(Hello(os.getpid()), State("training"))
    worker.advance(1)
    worker.say(State("checking"), CheckAdvanced(1, 3, "from the seed, 64x64, 0 steps", 0.0))
    worker.say(CheckAdvanced(2, 3, "after a wound, 64x64, 100 steps", 0.57))
    while (message := read_message(worker.commands)) is not None:
        if message == Stop(keep=True):
            break
    result = automaton_to_bytes(random_automaton(4, 8, weight_seed=RESULT_SEED))
    worker.order.output.write_bytes(result)
    note_phase(worker.order.output, "finished", "stable")
    worker.say(Snapshot(1, 0.5, result), Finished(worker.order.output, "stable"))


if __name__ == "__main__":
    the_worker = Worker()
    globals()[the_worker.order.name](the_worker)
