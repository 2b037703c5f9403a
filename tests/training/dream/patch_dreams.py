"""Small dreams of the patch dreamer that are ready to be dreamt."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
from PIL import Image

from training.dream import worker
from training.dream.control import Control
from training.dream.dream_files import frame_path, reference_path
from training.dream.journey_file import to_journey
from training.dream.order import DreamOrder
from training.dream.protocol import BeginDream, Message

FRAMES = 40
SIZE = (64, 48)


def new_patch_dream(folder: Path, frames: int = FRAMES) -> DreamOrder:
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


def carry_out(order: DreamOrder) -> list[Message]:
    """What the worker says of an order, in this process."""
    told: list[Message] = []
    control = Control(told.append, lambda: None)
    told.append(worker.carry_out(BeginDream(order), told.append, control, nullcontext()))
    return told
