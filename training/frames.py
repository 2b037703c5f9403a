"""How the window and its worker processes talk: frames, greetings, and what all of them say.

A frame is the length of its header (4 bytes, big-endian), the header (JSON: the message's kind,
the bytes of its payload, its fields) and the payload. Free of torch, like all that it imports.
docs/PROTOCOL.md tells the order of messages.
"""

import json
from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, BinaryIO, Generic, TypeVar, get_args

from exporters.errors import LichenError
from training.plain_json import from_plain, to_plain

PROTOCOL_VERSION = 2
# The longest journey there may be still fits, and text that was printed by mistake does not.
LARGEST_HEADER_BYTES = 2**25
LARGEST_PAYLOAD_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Hello:
    """The first message of either side."""

    process_id: int
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True)
class Pause:
    """To the worker: keep what is there and wait, after the iteration or frame under way."""


@dataclass(frozen=True)
class Continue:
    """To the worker: go on after a pause."""


@dataclass(frozen=True)
class Log:
    """To the window: a sentence to read."""

    text: str


Message = TypeVar("Message")


class Language(Generic[Message]):
    """The messages that two processes know: dataclasses, at most one `payload` of bytes in each."""

    def __init__(self, kinds: UnionType) -> None:
        self._kinds: dict[str, type[Message]] = {kind.__name__: kind for kind in get_args(kinds)}

    def write(self, stream: BinaryIO, message: Message) -> None:
        """Send one frame at once. Raises OSError where nobody reads any more."""
        rest = memoryview(self.encode(message))
        while rest:  # an unbuffered pipe may take a part only
            rest = rest[stream.write(rest) :]
        stream.flush()

    def encode(self, message: Message) -> bytes:
        """The frame of a message."""
        values = to_plain(message)
        payload: bytes = values.pop("payload", b"")
        content = {"kind": type(message).__name__, "payload_bytes": len(payload), "fields": values}
        header = json.dumps(content).encode()
        return len(header).to_bytes(4, "big") + header + payload

    def read(self, stream: BinaryIO) -> Message | None:
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
            kind, payload_bytes = (
                self._kinds[content["kind"]],
                from_plain(int, content["payload_bytes"]),
            )
            values = dict(content["fields"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _garbled(f"no header ({error!r:.100})") from error
        if not 0 <= payload_bytes <= LARGEST_PAYLOAD_BYTES:
            raise _garbled(f"a payload of {payload_bytes} bytes")
        return _build(kind, values, _read_exactly(stream, payload_bytes))


def check_version(hello: object) -> None:
    """Raises LichenError where the first message is no greeting in this version."""
    if not isinstance(hello, Hello):
        raise _garbled("no greeting")
    if hello.version != PROTOCOL_VERSION:
        raise LichenError(
            "Lichen and the process that it started are of different versions "
            f"({hello.version} and {PROTOCOL_VERSION}); close Lichen and start it again."
        )


def _build(kind: type[Message], values: dict[str, Any], payload: bytes) -> Message:
    takes_payload = any(field.name == "payload" for field in fields(kind))  # type: ignore[arg-type]
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
