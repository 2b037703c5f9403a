"""What of a picture is learnt: no more than the trainer reads, and not larger."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from exporters.errors import LichenError
from training.exemplar import load_exemplar
from training.learnt_part import Box, Size, box_size, learnt_box, learnt_size
from training.order import WHOLE_PICTURE, Crop

NOISE = np.random.default_rng(5)


def noise(size: Size) -> NDArray[np.uint8]:
    width, height = size
    return NOISE.integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("size", "crop", "box"),
    [
        ((64, 64), WHOLE_PICTURE, (0, 0, 64, 64)),
        ((2000, 40), WHOLE_PICTURE, (960, 0, 1040, 40)),
        ((40, 2000), WHOLE_PICTURE, (0, 960, 40, 1040)),
        ((2000, 40), (0.0, 0.0, 0.1, 1.0), (60, 0, 140, 40)),
        ((640, 480), (0.25, 0.5, 0.75, 1.0), (160, 240, 480, 480)),
        ((101, 50), WHOLE_PICTURE, (0, 0, 100, 50)),
    ],
)
def test_the_trainer_reads_this_box_and_no_other(
    tmp_path: Path, size: Size, crop: Crop, box: Box
) -> None:
    pixels = noise(size)
    Image.fromarray(pixels).save(tmp_path / "noise.png")
    assert learnt_box(size, crop) == box
    exemplar = load_exemplar(tmp_path / "noise.png", 512, crop).permute(1, 2, 0).numpy() * 255
    left, top, right, bottom = box
    assert np.array_equal(np.round(exemplar), pixels[top:bottom, left:right])


@pytest.mark.parametrize(
    ("size", "side_cells", "cells"),
    [
        ((64, 64), 128, (64, 64)),
        ((640, 480), 128, (171, 128)),
        ((2000, 40), 128, (80, 40)),
        ((300, 900), 50, (50, 100)),
    ],
)
def test_it_becomes_so_many_cells_and_never_more_than_pixels(
    tmp_path: Path, size: Size, side_cells: int, cells: Size
) -> None:
    Image.fromarray(noise(size)).save(tmp_path / "noise.png")
    assert learnt_size(box_size(learnt_box(size)), side_cells) == cells
    assert load_exemplar(tmp_path / "noise.png", side_cells).shape == (3, *reversed(cells))


def test_a_crop_too_small_is_refused(tmp_path: Path) -> None:
    Image.fromarray(noise((100, 100))).save(tmp_path / "noise.png")
    with pytest.raises(LichenError, match="leaves 40 x 20 pixels; leave at least 32"):
        load_exemplar(tmp_path / "noise.png", 128, (0.0, 0.0, 0.9, 0.2))


def test_a_picture_many_times_too_large_is_learnt_as_if_filtered_at_once(tmp_path: Path) -> None:
    picture = Image.fromarray(noise((90, 75))).resize((1800, 1500), Image.Resampling.BICUBIC)
    picture.save(tmp_path / "large.png")
    exemplar = load_exemplar(tmp_path / "large.png", 50).permute(1, 2, 0).numpy() * 255
    filtered = np.asarray(picture.resize((60, 50), Image.Resampling.LANCZOS), float)
    assert exemplar.std() > 20
    assert np.abs(exemplar - filtered).mean() < 1
