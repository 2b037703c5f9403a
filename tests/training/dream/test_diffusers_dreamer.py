"""Dreams with diffusion models: tiny ones with random weights, through the real code."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_dreams import (
    FRAME,
    SIDE,
    count_calls,
    difference,
    never,
    open_dreamer,
    pipeline_of,
    settings,
)

from exporters.errors import LichenError
from training.benchmarks.random_pipeline import save_random_pipeline
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.dreamer import Interrupted
from training.dream.first_pictures import FirstPictures


def test_the_same_frame_and_settings_give_the_same_picture(tiny_dreamer: DiffusersDreamer) -> None:
    first = tiny_dreamer.dream(FRAME, settings())
    assert first.shape == FRAME.shape and first.dtype == np.float32
    assert np.array_equal(tiny_dreamer.dream(FRAME, settings()), first)
    assert difference(tiny_dreamer.dream(FRAME, settings(random_seed=4)), first) > 1e-3
    assert difference(tiny_dreamer.dream(FRAME, settings(negative_prompt="fog")), first) > 1e-6


def test_a_strength_of_nothing_leaves_the_frame_alone(tiny_dreamer: DiffusersDreamer) -> None:
    assert tiny_dreamer.dream(FRAME, settings(strength=0.0)) is FRAME


def test_sides_that_no_decoder_can_make_come_back_as_they_were(
    tiny_dreamer: DiffusersDreamer,
) -> None:
    for height, width in ((33, 47), (SIDE + 7, SIDE + 1)):
        frame = np.random.default_rng(1).random((height, width, 3), np.float32)
        assert tiny_dreamer.dream(frame, settings()).shape == frame.shape


@pytest.mark.parametrize(
    ("strength", "real_steps"), [(0.001, 1), (0.1, 1), (0.5, 2), (0.7, 3), (0.99, 4), (1.0, 4)]
)
def test_any_strength_takes_at_least_one_step_from_its_own_noise(
    tiny_dreamer: DiffusersDreamer, strength: float, real_steps: int
) -> None:
    times: list[float] = []
    hook = pipeline_of(tiny_dreamer).unet.register_forward_pre_hook(
        lambda _, inputs: times.append(float(inputs[1]))
    )
    tiny_dreamer.dream(FRAME, settings(strength=strength))
    hook.remove()
    assert len(times) == real_steps
    # A fraction of a thousand levels of noise, met as nearly as the steps allow.
    assert times[0] / 1000 == pytest.approx(strength, abs=0.6 * strength / real_steps + 0.002)


def test_a_blanked_frame_stays_as_the_one_before(tmp_path: Path) -> None:
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig

    config = CLIPConfig(
        projection_dim=8,
        vision_config={
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 32,
            "patch_size": 16,
        },
    )
    checker = StableDiffusionSafetyChecker(config)
    # Everything is more alike than this, so that all pictures are blanked.
    torch.nn.init.constant_(checker.concept_embeds_weights, -2.0)
    save_random_pipeline(tmp_path / "prude", safety_checker=checker)
    told: list[str] = []
    dreamer = open_dreamer(tmp_path / "prude", tell=told.append)
    assert np.array_equal(dreamer.dream(FRAME, settings(index=12)), FRAME)
    assert len(told) == 1 and "frame 12" in told[0] and "safety checker" in told[0]
    options = DiffusersOptions(str(tmp_path / "prude"), steps=1)
    with pytest.raises(LichenError, match="another seed"):
        FirstPictures(options, (SIDE, SIDE), never).imagine("koi", "", 7, 1.0)


def test_a_frame_without_numbers_stays_as_the_one_before(tiny_pipeline: Path) -> None:
    told: list[str] = []
    dreamer = open_dreamer(tiny_pipeline, tell=told.append)
    torch.nn.init.constant_(pipeline_of(dreamer).unet.conv_out.bias, math.nan)
    assert np.array_equal(dreamer.dream(FRAME, settings()), FRAME)
    assert len(told) == 1 and "no numbers" in told[0]


def test_a_dream_is_given_up_within_a_step(tiny_pipeline: Path) -> None:
    asked = 0

    def countdown() -> bool:
        nonlocal asked
        asked += 1
        return asked > patience

    dreamer = open_dreamer(tiny_pipeline, should_stop=countdown)
    patience = 10**9
    whole = dreamer.dream(FRAME, settings())
    finished_steps = count_calls(pipeline_of(dreamer).unet)
    questions = asked
    dreamer.dream(FRAME, settings())
    steps, in_all = len(finished_steps), asked - questions
    assert in_all > 10 * steps
    for share in (0.0, 0.3, 0.6, 0.99):
        asked, patience = 0, int(share * in_all)
        finished_steps.clear()
        with pytest.raises(Interrupted):
            dreamer.dream(FRAME, settings())
        assert asked == patience + 1
        assert len(finished_steps) <= steps
    patience = 10**9
    assert np.array_equal(dreamer.dream(FRAME, settings()), whole)


def test_no_library_floods_the_log(tiny_pipeline: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dreamer = open_dreamer(tiny_pipeline)
    dreamer.dream(FRAME, settings(prompts=(("koi " * 100, 1.0),), strength=1.0))
    output = capfd.readouterr()
    assert output.err == "" and len(output.out.splitlines()) == 1
