"""Pictures that are read beside the window."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exporters.picture_file import save_picture
from viewer import picture_reader
from viewer.picture_reader import PictureReader, Pixels, Size


@pytest.fixture
def reader() -> Iterator[PictureReader]:
    made = PictureReader()
    yield made
    made.stop()


def read(reader: PictureReader, path: Path, fitted_to: Size | None = None) -> Pixels | None:
    """Ask until it is there, or cannot be."""
    deadline = time.monotonic() + 60
    while (pixels := reader.picture(path, fitted_to)) is None:
        if reader.is_broken(path, fitted_to):
            return None
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return pixels


def picture(folder: Path, name: str) -> tuple[Path, Pixels]:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 40, 3), np.uint8)
    save_picture(pixels, folder / name)
    return folder / name, pixels


def test_a_picture_comes_whole_or_as_its_middle(reader: PictureReader, tmp_path: Path) -> None:
    path, pixels = picture(tmp_path, "a.png")
    np.testing.assert_array_equal(read(reader, path), pixels)
    np.testing.assert_array_equal(read(reader, path, (20, 20)), pixels[:, 10:30])
    assert read(reader, path) is read(reader, path)


def test_what_is_no_picture_is_broken_and_asked_for_once(
    reader: PictureReader, tmp_path: Path
) -> None:
    path = tmp_path / "words.png"
    assert not reader.is_broken(path)
    path.write_text("words")
    assert read(reader, path) is None and reader.is_broken(path)


def test_a_changed_file_is_read_anew_once_it_is_forgotten(
    reader: PictureReader, tmp_path: Path
) -> None:
    path, pixels = picture(tmp_path, "a.png")
    read(reader, path)
    save_picture(255 - pixels, path)
    np.testing.assert_array_equal(read(reader, path), pixels)
    reader.forget()
    np.testing.assert_array_equal(read(reader, path), 255 - pixels)


def test_only_so_many_bytes_are_kept(
    reader: PictureReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [picture(tmp_path, f"{number}.png")[0] for number in range(4)]
    monkeypatch.setattr(picture_reader, "LARGEST_BYTES", 2 * 20 * 40 * 3)
    first = read(reader, paths[0])
    for path in paths[1:]:
        read(reader, path)
    assert read(reader, paths[3]) is read(reader, paths[3])
    assert read(reader, paths[0]) is not first
