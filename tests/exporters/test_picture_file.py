"""Pictures come in upright or are refused in one sentence."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exporters.errors import LichenError
from exporters.picture_file import load_picture, save_picture

ORIENTATION_TAG = 0x0112
ROTATED_CLOCKWISE = 6


def corner_picture() -> Image.Image:
    """A 40 x 32 picture, black but for a red top left quarter."""
    pixels = np.zeros((32, 40, 3), np.uint8)
    pixels[:16, :20, 0] = 255
    return Image.fromarray(pixels)


def refusal(path: Path, smallest_side_pixels: int = 1) -> str:
    with pytest.raises(LichenError) as caught:
        load_picture(path, smallest_side_pixels)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


def test_round_trip(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    save_picture(pixels, tmp_path / "a.png")
    np.testing.assert_array_equal(load_picture(tmp_path / "a.png"), pixels)


def test_exif_rotation_is_honoured(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = ROTATED_CLOCKWISE
    corner_picture().save(tmp_path / "a.png", exif=exif)
    loaded = load_picture(tmp_path / "a.png")
    assert loaded.shape == (40, 32, 3)
    assert loaded[2, -3, 0] == 255
    assert loaded[2, 2, 0] == 0


def test_opaque_alpha_is_no_transparency(tmp_path: Path) -> None:
    corner_picture().convert("RGBA").save(tmp_path / "a.png")
    np.testing.assert_array_equal(load_picture(tmp_path / "a.png"), np.asarray(corner_picture()))


@pytest.mark.parametrize("mode", ["L", "1", "P", "I;16"])
def test_grey_and_palette_become_rgb(tmp_path: Path, mode: str) -> None:
    grey = np.linspace(0, 255, 40 * 32).reshape(32, 40)
    if mode == "I;16":
        image = Image.fromarray((grey * 257).astype(np.uint16))
    else:
        image = Image.fromarray(grey.astype(np.uint8)).convert(mode)
    image.save(tmp_path / "a.png")
    loaded = load_picture(tmp_path / "a.png")
    assert loaded.shape == (32, 40, 3)
    assert loaded[0, 0].max() < 20
    assert loaded[-1, -1].min() > 235


def test_refuses_what_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "notes.png"
    path.write_text("these are not the pixels you are looking for")
    assert "not a picture" in refusal(path)


def test_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nowhere.png")
    assert "directory" in refusal(tmp_path)


def test_refuses_pipes_and_devices(tmp_path: Path) -> None:
    assert "a pipe or a device" in refusal(Path(os.devnull))
    os.mkfifo(tmp_path / "pipe")
    # So that whoever reads it after all fails at once and waits for nobody.
    pipe = os.open(tmp_path / "pipe", os.O_RDWR)
    os.write(pipe, bytes(4096))
    assert "a pipe or a device" in refusal(tmp_path / "pipe")
    os.close(pipe)


def test_refuses_a_truncated_picture(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    save_picture(noise, path)
    path.write_bytes(path.read_bytes()[:3000])
    refusal(path)


def test_refuses_animation(tmp_path: Path) -> None:
    path = tmp_path / "moving.gif"
    frames = [corner_picture().rotate(angle) for angle in (0, 90)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert "animated" in refusal(path)


def test_refuses_cmyk_and_transparency(tmp_path: Path) -> None:
    corner_picture().convert("CMYK").save(tmp_path / "print.jpg")
    assert "CMYK" in refusal(tmp_path / "print.jpg")
    glass = corner_picture().convert("RGBA")
    glass.putalpha(128)
    glass.save(tmp_path / "glass.png")
    assert "transparent" in refusal(tmp_path / "glass.png")


def test_refuses_too_small_and_too_large(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    assert "1x1" in refusal(tmp_path / "dot.png", smallest_side_pixels=32)
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    assert "too large" in refusal(tmp_path / "huge.png")


def test_saving_into_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="does not exist"):
        save_picture(np.zeros((2, 2, 3), np.uint8), tmp_path / "missing" / "a.png")
