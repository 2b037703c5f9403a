"""What window and dream process say comes back as it went; all else is refused with a sentence."""

import io
import json
import random
from pathlib import Path
from typing import get_args

import pytest

from exporters.errors import LichenError
from training.dream.diffusers_options import DiffusersOptions
from training.dream.journey import LONGEST_PROMPT, Journey, Stage
from training.dream.journey_file import LARGEST_BYTES
from training.dream.order import AutomatonTouch, DreamOrder
from training.dream.protocol import (
    BeginContactSheet,
    BeginDream,
    BeginWriting,
    FrameMade,
    Message,
    SheetPictureMade,
    State,
    Suggestion,
    encode_message,
    read_message,
)
from training.dream.sheet_order import ContactSheetOrder
from training.dream.writing_order import WritingOrder
from training.endings import Failed, Finished, Stop, Stopped
from training.frames import Continue, Hello, Log, Pause

JOURNEY = Journey((Stage("ein Gebirgsweg", 3), Stage("海辺の道", 4)), zoom="0: (1.02), 5: (1.1)")
ORDER = DreamOrder(
    Path("dream"),
    JOURNEY,
    source="koi",
    backend="diffusers",
    diffusers=DiffusersOptions("model", content_image=Path("a.png"), content_guidance="0.5"),
    touch=AutomatonTouch(Path("moss.safetensors"), 3),
)
MESSAGES: list[Message] = [
    Hello(7),
    BeginDream(ORDER),
    BeginContactSheet(ContactSheetOrder(Path("sheet"), "a road", seeds=(4, 5), guidances=(7.5,))),
    BeginWriting(WritingOrder(Path("writing"), ("a road", "a hill"))),
    Pause(),
    Continue(),
    Stop(),
    Log("a sentence with an ü"),
    State("paused"),
    FrameMade(3, 60, 0.25, 14.0),
    SheetPictureMade(1, 0, 4, 7.5),
    Suggestion("a lake at dawn"),
    Finished(),
    Stopped(),
    Failed("it cannot be"),
]


def frame(kind: object, fields: object, payload: bytes = b"") -> bytes:
    content = {"kind": kind, "fields": fields, "payload_bytes": len(payload)}
    header = json.dumps(content).encode()
    return len(header).to_bytes(4, "big") + header + payload


def test_no_kind_is_forgotten() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


def test_messages_come_back_one_after_the_other() -> None:
    stream = io.BytesIO(b"".join(map(encode_message, MESSAGES)))
    assert [read_message(stream) for _ in MESSAGES] == MESSAGES
    assert read_message(stream) is None


def test_a_journey_as_long_as_its_file_may_be_fits_into_a_frame() -> None:
    prompt = "道" * LONGEST_PROMPT
    stages = (Stage(prompt, 1),) * (LARGEST_BYTES // len(prompt.encode()))
    begin = BeginDream(DreamOrder(Path("long"), Journey(stages)))
    assert read_message(io.BytesIO(encode_message(begin))) == begin


@pytest.mark.parametrize(
    "data",
    [
        b"Warning: this is no frame at all\n",
        frame("Begin", {}),
        frame("Detach", {}),
        frame("Stop", {"keep": True}),
        frame("Stop", {}, b"payload"),
        frame("State", {"phase": "training"}),
        frame("BeginDream", {}),
        frame("BeginDream", {"order": {"folder": "a"}}),
        frame("BeginDream", {"order": {"folder": "a", "journey": {"stages": ["start"]}}}),
        frame("FrameMade", {"index": 1.5, "frame_count": 2}),
        frame(
            "FrameMade",
            {
                "index": 1,
                "frame_count": 2,
                "seconds_per_frame": float("inf"),
                "remaining_seconds": 0.0,
            },
        ),
    ],
)
def test_garbled_frames_are_refused(data: bytes) -> None:
    with pytest.raises(LichenError, match="cannot be understood"):
        read_message(io.BytesIO(data))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"journey": {"stages": [{"prompt": "a", "frames": 10**9}]}}, "1 to 100,000 frames"),
        ({"journey": {"stages": [{"prompt": "a", "frames": 2}], "zoom": "0: (1"}}, "bracket"),
        ({"journey": {"stages": []}}, "at least one stage"),
        ({"size_pixels": [1, 1]}, "32 to 2048 pixels"),
    ],
)
def test_an_order_that_is_not_possible_is_refused_in_its_own_words(
    changes: dict[str, object], words: str
) -> None:
    journey = {"stages": [{"prompt": "start", "frames": 3}]}
    order = {"folder": "a", "journey": journey, **changes}
    with pytest.raises(LichenError, match=words):
        read_message(io.BytesIO(frame("BeginDream", {"order": order})))


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
