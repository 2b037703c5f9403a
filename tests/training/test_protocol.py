"""Frames come back as they went; whatever else arrives is refused with a sentence."""

import io
import json
import random
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import safetensors.numpy

from exporters.automaton_file import automaton_to_bytes
from exporters.errors import LichenError
from support import random_automaton
from training.frames import (
    LARGEST_HEADER_BYTES,
    LARGEST_PAYLOAD_BYTES,
    PROTOCOL_VERSION,
    Continue,
    Hello,
    Log,
    Pause,
    check_version,
)
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
    RolledBack,
    Snapshot,
    State,
    Stop,
    Stopped,
    encode_message,
    read_message,
    write_message,
)

MESSAGES: list[Message] = [
    Hello(7),
    Begin(TrainingOrder(Path("moss.png"), Path("moss.safetensors"))),
    Pause(),
    Continue(),
    Stop(keep=True),
    Detach(),
    Log("a sentence with an ü"),
    State("paused"),
    Advanced(3, 0.5, 0.1, 2.0, 18.0, 1.5),
    Snapshot(3, 0.5, automaton_to_bytes(random_automaton(4, 8))),
    PoolPictures.of(3, np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)),
    RolledBack(50),
    CheckAdvanced(2, 3, "after a wound, 64x64, 100 steps", 0.4),
    Finished(Path("moss.safetensors"), "stable"),
    Stopped(),
    Failed("it cannot be", checkpoint_kept=True),
]


def frame(
    kind: object, fields: object, payload: bytes = b"", payload_bytes: object = None
) -> bytes:
    content = {
        "kind": kind,
        "fields": fields,
        "payload_bytes": len(payload) if payload_bytes is None else payload_bytes,
    }
    header = json.dumps(content).encode()
    return len(header).to_bytes(4, "big") + header + payload


class Trickle(io.RawIOBase):
    """A pipe that takes and gives three bytes at a time."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += bytes(data[:3])
        return min(3, len(data))

    def read(self, count: int = -1) -> bytes:
        part, self.data = self.data[: min(3, count)], self.data[min(3, count) :]
        return bytes(part)


def test_no_kind_is_forgotten() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


def test_messages_come_back_one_after_the_other() -> None:
    stream = io.BytesIO(b"".join(map(encode_message, MESSAGES)))
    assert [read_message(stream) for _ in MESSAGES] == MESSAGES
    assert read_message(stream) is None


def test_a_pipe_may_take_and_give_parts() -> None:
    pipe = Trickle()
    for message in MESSAGES:
        write_message(pipe, message)  # type: ignore[arg-type]
    assert [read_message(pipe) for _ in MESSAGES] == MESSAGES  # type: ignore[arg-type]


def test_payloads_are_an_automaton_file_and_pictures() -> None:
    automaton = random_automaton(4, 8)
    snapshot = Snapshot(1, 0.5, automaton_to_bytes(automaton))
    np.testing.assert_array_equal(snapshot.automaton().hidden_weight, automaton.hidden_weight)
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), np.uint8)
    np.testing.assert_array_equal(PoolPictures.of(1, pictures).pictures(), pictures)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"no tensors at all",
        safetensors.numpy.save({"other": np.zeros((1, 2, 2, 3), np.uint8)}),
        safetensors.numpy.save({"pictures": np.zeros((2, 2, 3), np.uint8)}),
        safetensors.numpy.save({"pictures": np.zeros((1, 2, 2, 4), np.uint8)}),
        safetensors.numpy.save({"pictures": np.zeros((1, 2, 2, 3), np.float32)}),
        safetensors.numpy.save({"pictures": np.zeros((17, 2, 2, 3), np.uint8)}),
        safetensors.numpy.save({"pictures": np.zeros((0, 2, 2, 3), np.uint8)}),
    ],
)
def test_pictures_that_are_none_are_refused(payload: bytes) -> None:
    with pytest.raises(LichenError, match="the pool's pictures"):
        PoolPictures(1, payload).pictures()


def test_every_cut_is_noticed() -> None:
    data = encode_message(Snapshot(3, 0.5, b"payload"))
    for length in range(1, len(data)):
        with pytest.raises(LichenError, match="within a frame"):
            read_message(io.BytesIO(data[:length]))


@pytest.mark.parametrize(
    "data",
    [
        (LARGEST_HEADER_BYTES + 1).to_bytes(4, "big"),
        b"Warning: this is no frame at all\n",
        (4).to_bytes(4, "big") + b"null",
        (2).to_bytes(4, "big") + b"{}",
        (2).to_bytes(4, "big") + b"\xff\xff",
        (20_000).to_bytes(4, "big") + b"[" * 20_000,
        frame("Nonsense", {}),
        frame(["Pause"], {}),
        frame("Pause", 3),
        frame("Pause", {"more": 1}),
        frame("Pause", {}, b"payload"),
        frame("Stop", {}),
        frame("Stop", {"keep": "yes"}),
        frame("State", {"phase": "dreaming"}),
        frame("Snapshot", {"iteration": 1, "loss": float("nan")}),
        frame("Snapshot", {"iteration": 1, "loss": 0.5}, payload_bytes=LARGEST_PAYLOAD_BYTES + 1),
        frame("Snapshot", {"iteration": 1, "loss": 0.5}, payload_bytes=-1),
        frame("Snapshot", {"iteration": 1, "loss": 0.5}, payload_bytes="all"),
        frame("RolledBack", {"iteration": 1.5}),
    ],
)
def test_garbled_frames_are_refused(data: bytes) -> None:
    with pytest.raises(LichenError, match="cannot be understood"):
        read_message(io.BytesIO(data))


def test_an_order_that_is_not_possible_is_refused_in_its_own_words() -> None:
    fields = {"order": {"image": "a.png", "output": "b.safetensors", "size_cells": 3}}
    with pytest.raises(LichenError, match="--size"):
        read_message(io.BytesIO(frame("Begin", fields)))


def test_noise_is_a_message_or_a_sentence_and_nothing_else() -> None:
    generator = random.Random(0)
    frames = [encode_message(message) for message in MESSAGES]
    for _ in range(3000):
        data = bytearray(generator.choice(frames))
        for _ in range(generator.randint(1, 4)):
            data[generator.randrange(min(len(data), 400))] = generator.randrange(256)
        try:
            message = read_message(io.BytesIO(data))
        except LichenError:
            continue
        assert isinstance(message, Message)


def test_another_version_is_refused() -> None:
    check_version(Hello(1))
    with pytest.raises(LichenError, match="different versions"):
        check_version(Hello(1, PROTOCOL_VERSION + 1))
    with pytest.raises(LichenError, match="no greeting"):
        check_version(Pause())
