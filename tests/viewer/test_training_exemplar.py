"""The picture of a training as the panel shows it."""

from pathlib import Path

import numpy as np
from PIL import Image

from training.order import TrainingOrder
from viewer.training_exemplar import read_what_is_learnt


def test_of_a_long_picture_the_middle_shows_while_it_is_learnt(tmp_path: Path) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (40, 400, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "long.png")
    shown = read_what_is_learnt(TrainingOrder(tmp_path / "long.png", tmp_path / "long.safetensors"))
    assert shown is not None
    assert np.array_equal(shown, pixels[:, 160:240])
