"""A model's first pictures, from which a dream begins."""

from pathlib import Path

import numpy as np
from tiny_dreams import difference, never, pipeline_of

from training.dream.diffusers_options import DiffusersOptions
from training.dream.first_pictures import FirstPictures


def test_first_pictures(tiny_pipeline: Path, xl_pipeline: Path) -> None:
    for model in (tiny_pipeline, xl_pipeline):
        options = DiffusersOptions(model=str(model), steps=2)
        pictures = FirstPictures(options, (70, 50), never)
        one = pictures.imagine("koi", "text", 1, 7.0)
        assert one.shape == (50, 70, 3) and one.min() >= 0 and one.max() <= 1
        assert np.array_equal(pictures.imagine("koi", "text", 1, 7.0), one)
        assert difference(pictures.imagine("koi", "text", 2, 7.0), one) > 1e-3
        assert difference(pictures.imagine("koi", "text", 1, 1.0), one) > 1e-6


def test_a_first_picture_is_made_at_a_size_that_the_model_knows(tiny_pipeline: Path) -> None:
    options = DiffusersOptions(model=str(tiny_pipeline), steps=1)
    pictures = FirstPictures(options, (24, 12), never)
    sides: list[tuple[int, ...]] = []
    pipeline_of(pictures).unet.register_forward_pre_hook(
        lambda _, inputs: sides.append(tuple(inputs[0].shape[2:]))
    )
    assert pictures.imagine("koi").shape == (12, 24, 3)
    assert sides == [(4, 8)]
