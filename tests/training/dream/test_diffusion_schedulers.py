"""Every scheduler dreams, and so do the models that bring one of their own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_dreams import (
    FRAME,
    STEPS,
    copy_as,
    count_calls,
    difference,
    open_dreamer,
    pipeline_of,
    settings,
)

from training.dream.diffusion.picture_guidance import predict, signal_and_noise
from training.dream.diffusion.quiet import quiet_libraries
from training.dream.diffusion.scheduler_names import SCHEDULERS


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_scheduler_dreams_and_its_prediction_is_known(tiny_pipeline: Path, name: str) -> None:
    dreamer = open_dreamer(tiny_pipeline, scheduler=name)
    scheduler = pipeline_of(dreamer).scheduler
    assert type(scheduler).__name__ == SCHEDULERS[name].class_name
    for key, value in SCHEDULERS[name].changes.items():
        assert scheduler.config[key] == value
    # The noise of the model's own settings is kept.
    assert scheduler.config.beta_schedule == "scaled_linear"
    picture = dreamer.dream(FRAME, settings())
    assert np.isfinite(picture).all() and difference(picture, FRAME) > 1e-3
    check_prediction(scheduler)


def check_prediction(scheduler: Any) -> None:
    """Whoever knows the noise knows what lies under it, whatever the scheduler's scale is."""
    with quiet_libraries():
        scheduler.set_timesteps(STEPS)
    timestep = scheduler.timesteps[0]
    clean, noise = torch.randn(2, 1, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    latents = scheduler.add_noise(clean, noise, timestep[None])
    signal, _ = signal_and_noise(scheduler, timestep)
    found = predict(scheduler, noise, timestep, latents)
    assert float((found - clean).abs().max()) < 0.02 / signal


def test_a_turbo_model_takes_few_steps_and_no_guidance(tiny_pipeline: Path) -> None:
    told: list[str] = []
    model = copy_as("tiny-turbo", tiny_pipeline)
    dreamer = open_dreamer(model, tell=told.append, steps=None)
    pipeline = pipeline_of(dreamer)
    assert type(pipeline.scheduler).__name__ == "EulerAncestralDiscreteScheduler"
    assert pipeline.scheduler.config.timestep_spacing == "trailing"
    batches: list[int] = []
    pipeline.unet.register_forward_pre_hook(lambda _, inputs: batches.append(len(inputs[0])))
    for _ in range(2):
        dreamer.dream(FRAME, settings(strength=1.0))
    # Guidance would run the network on two at a time.
    assert batches == [1] * 8
    assert len(told) == 1 and "guidance" in told[0]


def test_an_lcm_model_brings_its_scheduler(tiny_pipeline: Path) -> None:
    dreamer = open_dreamer(copy_as("tiny_LCM", tiny_pipeline), steps=None)
    assert type(pipeline_of(dreamer).scheduler).__name__ == "LCMScheduler"
    for strength in (0.01, 0.5, 1.0):
        picture = dreamer.dream(FRAME, settings(strength=strength, guidance=1.0))
        assert np.isfinite(picture).all()


def test_models_that_take_their_guidance_as_an_input(tmp_path: Path, tiny_pipeline: Path) -> None:
    import diffusers

    usual = diffusers.StableDiffusionPipeline.from_pretrained(
        tiny_pipeline, safety_checker=None, requires_safety_checker=False
    )
    unet = diffusers.UNet2DConditionModel.from_config(usual.unet.config, time_cond_proj_dim=16)
    diffusers.LatentConsistencyModelPipeline(
        usual.vae,
        usual.text_encoder,
        usual.tokenizer,
        unet.eval(),
        diffusers.LCMScheduler.from_config(usual.scheduler.config),
        None,
        None,
        requires_safety_checker=False,
    ).save_pretrained(tmp_path / "consistent")
    dreamer = open_dreamer(tmp_path / "consistent", steps=None)
    calls = count_calls(pipeline_of(dreamer).unet)
    for strength, real_steps in ((0.01, 1), (0.5, 2), (1.0, 4)):
        calls.clear()
        assert np.isfinite(dreamer.dream(FRAME, settings(strength=strength))).all()
        assert len(calls) == real_steps
    one, other = (dreamer.dream(FRAME, settings(guidance=value)) for value in (2.0, 12.0))
    assert difference(one, other) > 1e-6
