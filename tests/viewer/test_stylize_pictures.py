"""Pictures that a worker sends are decoded beside the window, and the newest one shows."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image

from exporters.picture_file import save_picture
from viewer.stylize_pictures import NewestPicture, SlotPicture


def png(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), (level,) * 3).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def thread() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


def wait_for(picture: NewestPicture, level: int) -> None:
    deadline = time.monotonic() + 60
    while picture.pixels is None or picture.pixels[0, 0, 0] != level:
        assert time.monotonic() < deadline
        picture.poll()


def test_nothing_waits_and_what_is_overtaken_is_left_out(thread: Executor) -> None:
    busy, picture = Event(), NewestPicture(thread)
    thread.submit(busy.wait)
    picture.put(png(1))
    picture.poll()
    for level in (2, 3):
        picture.put(png(level))
        picture.poll()
    assert picture.pixels is None
    busy.set()
    seen = set()
    deadline = time.monotonic() + 60
    while 3 not in seen:
        assert time.monotonic() < deadline
        picture.poll()
        if picture.pixels is not None:
            assert picture.pixels.shape == (3, 4, 3)
            seen.add(int(picture.pixels[0, 0, 0]))
    assert seen == {1, 3}


def test_who_needs_the_newest_can_wait_for_it(thread: Executor, tmp_path: Path) -> None:
    picture = NewestPicture(thread)
    picture.put(png(1))
    picture.poll()
    picture.put(png(2))
    picture.settle()
    assert picture.pixels is not None and picture.pixels[0, 0, 0] == 2
    picture.put(png(3))
    save_picture(np.full((6, 8, 3), 5, np.uint8), tmp_path / "full.png")
    picture.read(tmp_path / "full.png")
    picture.settle()
    assert picture.pixels.shape == (6, 8, 3)


def test_a_damaged_picture_leaves_the_one_before(thread: Executor) -> None:
    picture = NewestPicture(thread)
    picture.put(png(7))
    wait_for(picture, 7)
    for damaged in (b"", b"no picture", png(9)[:40]):
        picture.put(damaged)
        picture.poll()
        thread.submit(int).result()
        picture.poll()
    assert picture.pixels is not None and picture.pixels[0, 0, 0] == 7


def test_a_file_that_is_not_there_is_nothing(thread: Executor, tmp_path: Path) -> None:
    picture = NewestPicture(thread)
    picture.read(tmp_path / "none.png")
    thread.submit(int).result()
    picture.poll()
    assert picture.pixels is None
    save_picture(np.full((20, 40, 3), 5, np.uint8), tmp_path / "one.png")
    picture.read(tmp_path / "one.png", longer_side_pixels=10)
    wait_for(picture, 5)
    assert picture.pixels is not None and picture.pixels.shape == (5, 10, 3)


def test_a_slot_keeps_the_whole_picture_and_shows_a_small_one(tmp_path: Path) -> None:
    save_picture(np.full((300, 600, 3), 5, np.uint8), tmp_path / "my_cat.png")
    picture = SlotPicture.read(tmp_path / "my_cat.png")
    assert picture.name == "my cat"
    assert (picture.pixels.shape, picture.thumbnail.shape) == ((300, 600, 3), (128, 256, 3))
