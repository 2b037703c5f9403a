"""What the window and the training process say to each other; docs/PROTOCOL.md tells the order.

A frame is the length of its header (4 bytes, big-endian), the header (JSON: the message's kind,
the bytes of its payload, its fields) and the payload. Free of torch, like all that it imports.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from exporters.automaton import Automaton
from exporters.automaton_file import automaton_from_bytes
from exporters.errors import LichenError
from training.order import TrainingOrder
from training.plain_json import from_plain, to_plain

PROTOCOL_VERSION = 1
LARGEST_HEADER_BYTES = 2**20
LARGEST_PAYLOAD_BYTES = 64 * 2**20
LARGEST_POOL_PICTURES = 16

Phase = Literal["preparing", "training", "paused", "checking"]


@dataclass(frozen=True)
class Hello:
    """The first message of either side."""

    process_id: int
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True)
class Begin:
    """To the worker: train this. Comes once."""

    order: TrainingOrder


@dataclass(frozen=True)
class Pause:
    """To the worker: keep what is there and wait, after the iteration that is under way."""


@dataclass(frozen=True)
class Continue:
    """To the worker: go on after a pause."""


@dataclass(frozen=True)
class Stop:
    """To the worker: end now, with the result checked and kept, or with nothing."""

    keep: bool


@dataclass(frozen=True)
class Detach:
    """To the worker: nobody will listen any more; train to the end all the same."""


@dataclass(frozen=True)
class Log:
    """To the window: a sentence to read."""

    text: str


@dataclass(frozen=True)
class State:
    """To the window: what the worker does from now on."""

    phase: Phase


@dataclass(frozen=True)
class Advanced:
    """To the window: how far the training is; `completed` runs from 0 to 1."""

    iteration: int
    loss: float
    completed: float
    elapsed_seconds: float
    remaining_seconds: float
    iterations_per_second: float


@dataclass(frozen=True)
class Snapshot:
    """To the window: the automaton as it stands; the payload is a whole automaton file."""

    iteration: int
    loss: float
    payload: bytes

    def automaton(self) -> Automaton:
        """Decode it. Raises LichenError where the payload is no automaton file."""
        return automaton_from_bytes(self.payload)


@dataclass(frozen=True)
class PoolPictures:
    """To the window: some states of the pool as pictures, in safetensors under "pictures"."""

    iteration: int
    payload: bytes

    @staticmethod
    def of(iteration: int, pictures: NDArray[np.uint8]) -> "PoolPictures":
        """Encode uint8 [n, h, w, 3], n at most LARGEST_POOL_PICTURES."""
        payload = safetensors.numpy.save({"pictures": np.ascontiguousarray(pictures)})
        return PoolPictures(iteration, payload)

    def pictures(self) -> NDArray[np.uint8]:
        """Decode to uint8 [n, h, w, 3]. Raises LichenError where the payload is something else."""
        try:
            pictures = safetensors.numpy.load(self.payload)["pictures"]
        except (SafetensorError, KeyError, ValueError, TypeError) as error:
            raise LichenError(f"the pool's pictures are damaged ({error}).") from error
        count, _, _, colours = pictures.shape if pictures.ndim == 4 else (0, 0, 0, 0)
        if pictures.dtype != np.uint8 or colours != 3 or not 1 <= count <= LARGEST_POOL_PICTURES:
            raise LichenError("the pool's pictures are no list of pictures.")
        return pictures


@dataclass(frozen=True)
class RolledBack:
    """To the window: the loss was no number, and this iteration's weights are back."""

    iteration: int


@dataclass(frozen=True)
class Finished:
    """To the window, as the last message: the automaton lies at `path`; `verdict` judges it."""

    path: Path
    verdict: str


@dataclass(frozen=True)
class Stopped:
    """To the window, as the last message: ended as asked, with nothing that was worth keeping."""


@dataclass(frozen=True)
class Failed:
    """To the window, as the last message: why it cannot go on, and whether it can resume."""

    sentence: str
    checkpoint_kept: bool


ToWorker = Hello | Begin | Pause | Continue | Stop | Detach
ToWindow = (
    Hello
    | Log
    | State
    | Advanced
    | Snapshot
    | PoolPictures
    | RolledBack
    | Finished
    | Stopped
    | Failed
)
Message = ToWorker | ToWindow
KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}


def write_message(stream: BinaryIO, message: Message) -> None:
    """Send one frame at once. Raises OSError where nobody reads any more."""
    rest = memoryview(encode_message(message))
    while rest:  # an unbuffered pipe may take a part only
        rest = rest[stream.write(rest) :]
    stream.flush()


def encode_message(message: Message) -> bytes:
    """The frame of a message."""
    values = to_plain(message)
    payload: bytes = values.pop("payload", b"")
    content = {"kind": type(message).__name__, "payload_bytes": len(payload), "fields": values}
    header = json.dumps(content).encode()
    return len(header).to_bytes(4, "big") + header + payload


def read_message(stream: BinaryIO) -> Message | None:
    """Wait for the next message; None where the stream ends between two frames.

    Raises:
        LichenError: the frame is garbled, cut short or too large; the stream is of no more use.
    """
    first = stream.read(1)
    if not first:
        return None
    header_bytes = int.from_bytes(first + _read_exactly(stream, 3), "big")
    if header_bytes > LARGEST_HEADER_BYTES:
        raise _garbled(f"a header of {header_bytes} bytes")
    try:
        content = json.loads(_read_exactly(stream, header_bytes))
        kind, payload_bytes = KINDS[content["kind"]], from_plain(int, content["payload_bytes"])
        values = dict(content["fields"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _garbled(f"no header ({error!r:.100})") from error
    if not 0 <= payload_bytes <= LARGEST_PAYLOAD_BYTES:
        raise _garbled(f"a payload of {payload_bytes} bytes")
    return _build(kind, values, _read_exactly(stream, payload_bytes))


def check_version(hello: Message | None) -> None:
    """Raises LichenError where the first message is no greeting in this version."""
    if not isinstance(hello, Hello):
        raise _garbled("no greeting")
    if hello.version != PROTOCOL_VERSION:
        raise LichenError(
            "the window and its training process are of different versions of Lichen "
            f"({hello.version} and {PROTOCOL_VERSION}); close the window and start it again."
        )


def _build(kind: type[Message], values: dict[str, Any], payload: bytes) -> Message:
    takes_payload = any(field.name == "payload" for field in fields(kind))
    if payload and not takes_payload:
        raise _garbled(f"a payload in {kind.__name__}")
    if takes_payload:
        values["payload"] = payload
    try:
        message: Message = from_plain(kind, values)
    except (TypeError, ValueError, OverflowError) as error:
        raise _garbled(f"{error!s:.200}") from error
    return message


def _read_exactly(stream: BinaryIO, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        part = stream.read(count - len(data))
        if not part:
            raise _garbled("it ends within a frame")
        data += part
    return bytes(data)


def _garbled(what: str) -> LichenError:
    return LichenError(f"what the other process says cannot be understood: {what}; start again.")
