"""The other end of a real worker's line, without a window's manners."""

import io
import subprocess
import sys
from typing import Any

from training.frames import Hello, Language


def decoded(language: Language[Any], data: bytes) -> list[Any]:
    """All messages in it."""
    stream, messages = io.BytesIO(data), []
    while (message := language.read(stream)) is not None:
        messages.append(message)
    return messages


def speak(module: str, language: Language[Any], *messages: object, tail: bytes = b"") -> list[Any]:
    """Say this to a worker, hang up, and give all that it says."""
    result = subprocess.run(
        [sys.executable, "-m", module],
        input=b"".join(map(language.encode, messages)) + tail,
        capture_output=True,
        check=False,
    )
    return decoded(language, result.stdout)


def start(language: Language[Any], program: str, begin: object) -> subprocess.Popen[bytes]:
    """Give an order to a worker that Python code runs; the line stays open."""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    process.stdin.write(language.encode(Hello(1)) + language.encode(begin))
    process.stdin.flush()
    return process


def heard_until(
    language: Language[Any], process: subprocess.Popen[bytes], kind: type, count: int
) -> list[Any]:
    """The first so many messages of a kind."""
    assert process.stdout
    found: list[Any] = []
    while len(found) < count:
        message = language.read(process.stdout)
        assert message is not None
        found += [message] if isinstance(message, kind) else []
    return found


def rest_of(language: Language[Any], process: subprocess.Popen[bytes]) -> list[Any]:
    """What a worker says before it ends, as it should."""
    assert process.stdout
    with process:
        found = decoded(language, process.stdout.read())
    assert process.returncode == 0
    return found
