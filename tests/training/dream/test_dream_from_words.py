"""`lichen dream` with a diffusion model that begins with a prompt alone, through its worker."""

import re
from pathlib import Path

import numpy as np
import pytest
from patch_dreams import carry_out, frames_of
from PIL import Image

from training.dream.dream_files import frame_path
from training.dream.order_file import read_order
from training.endings import Finished
from viewer.command import main

SIDE = 64


def test_a_chosen_first_picture_is_what_the_dream_begins_with(
    tiny_pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, dream, again = tmp_path / "sheet.png", tmp_path / "dream", tmp_path / "again"
    words = ["dream", "--backend", "diffusers", "--model", str(tiny_pipeline), "--steps", "1"]
    words += ["--prompt", "ein Weg im Schnee", "--size", f"{SIDE}x{SIDE}", "--device", "cpu"]
    assert main([*words, "--contact-sheet", "-o", str(sheet)]) == 0
    told = capsys.readouterr().out
    assert re.search(r"choose a picture .* --first-seed 0 --first-guidance 4", told)
    chosen = ["--first-seed", "1", "--first-guidance", "7"]
    assert main([*words, *chosen, "--frames", "2", "-o", str(dream)]) == 0
    with Image.open(sheet) as picture, Image.open(frame_path(dream, 0)) as frame:
        assert picture.height > 3 * SIDE and picture.width > 4 * SIDE
        cells = np.asarray(picture), np.asarray(frame)
    # The second of four columns and of three rows.
    height, width = (side // count for side, count in zip(cells[0].shape, (3, 4), strict=False))
    cell = cells[0][height : 2 * height, width : 2 * width]
    places = np.lib.stride_tricks.sliding_window_view(cell, cells[1].shape).reshape(
        -1, *cells[1].shape
    )
    assert any(np.array_equal(place, cells[1]) for place in places)
    # In this process, which has loaded the libraries by now.
    again.mkdir()
    order = read_order(dream.with_name("dream.json"), again)
    assert carry_out(order)[-1] == Finished()
    assert frames_of(order) == [frame_path(dream, index).read_bytes() for index in range(2)]
