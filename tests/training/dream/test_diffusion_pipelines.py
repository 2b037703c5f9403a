"""Models that differ: XL, a single file, half precision, damaged; and large pictures."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import constants
from tiny_dreams import (
    FRAME,
    copy_as,
    count_calls,
    difference,
    never,
    open_dreamer,
    pipeline_of,
    settings,
)

from checkpoint_file import save_checkpoint
from exporters.errors import LichenError
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.imagination import Imagination
from training.dream.diffusion.model_files import find_model
from training.dream.diffusion.quiet import quiet_libraries


@pytest.fixture
def single_file(tiny_pipeline: Path, tmp_path: Path) -> Path:
    """All weights of the tiny pipeline, and nothing else."""
    import diffusers

    path = tmp_path / "koi.safetensors"
    with quiet_libraries():
        save_checkpoint(diffusers.DiffusionPipeline.from_pretrained(tiny_pipeline), path)
    return path


def test_xl_models_dream(xl_pipeline: Path) -> None:
    dreamer = open_dreamer(xl_pipeline)
    encoded = count_calls(pipeline_of(dreamer).text_encoder_2)
    one = dreamer.dream(FRAME, settings())
    assert np.array_equal(dreamer.dream(FRAME, settings()), one)
    assert difference(dreamer.dream(FRAME, settings(prompts=(("sea", 1.0),))), one) > 1e-6
    half = (("a pond of koi", 0.5), ("sea", 0.5))
    assert np.isfinite(dreamer.dream(FRAME, settings(prompts=half))).all()
    # Two prompts and the empty negative one.
    assert len(encoded) == 3


def test_a_single_file_dreams_as_its_folder_does(
    single_file: Path, tiny_pipeline: Path, tiny_dreamer: DiffusersDreamer
) -> None:
    settings_alone = shutil.ignore_patterns("*.safetensors")
    shutil.copytree(tiny_pipeline, single_file.with_suffix(""), ignore=settings_alone)
    from_file = open_dreamer(single_file, scheduler="ddim").dream(FRAME, settings())
    assert np.array_equal(from_file, tiny_dreamer.dream(FRAME, settings()))


def test_nothing_is_fetched_for_a_single_file_unasked(
    single_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(LichenError, match="settings of .*stable-diffusion-v1-5.*--download"):
        open_dreamer(single_file)
    assert not (tmp_path / "hub").exists()


def test_half_precision_weights_alone_are_enough(tiny_pipeline: Path, tmp_path: Path) -> None:
    import diffusers

    pipeline = diffusers.DiffusionPipeline.from_pretrained(tiny_pipeline, dtype=torch.float16)
    pipeline.save_pretrained(tmp_path / "half", variant="fp16")
    assert find_model(str(tmp_path / "half"), download=False).variant == "fp16"
    dreamer = open_dreamer(tmp_path / "half")
    assert pipeline_of(dreamer).unet.dtype == torch.float32
    assert np.isfinite(dreamer.dream(FRAME, settings())).all()


def test_large_pictures_are_decoded_in_tiles(tiny_pipeline: Path) -> None:
    options = DiffusersOptions(model=str(tiny_pipeline))
    for side, is_tiled in ((1024, False), (1032, True)):
        imagination = Imagination(options, (side, side), "image to image", never, print)
        assert imagination.pipeline.vae.use_tiling is is_tiled
        assert imagination.pipeline.vae.use_slicing


def test_a_damaged_model_is_told_in_a_sentence(tiny_pipeline: Path) -> None:
    model = copy_as("damaged", tiny_pipeline)
    weights = model / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(LichenError, match="damaged cannot be loaded"):
        open_dreamer(model)
