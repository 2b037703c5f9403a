"""Noise levels of the own backend against the formulas of their papers."""

import math
from typing import get_args

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler

from training.dream.own.noise import (
    SIGMA_DATA,
    denoising_levels,
    draw_times,
    scalings,
    training_levels,
)
from training.dream.own.plan import NoiseSchedule, TimeSampling

SCHEDULES = get_args(NoiseSchedule)
FIRST_SIGMAS = {"karras": 80.0, "cosine": 160.0, "linear": 152.2}


def signal_share(levels: torch.Tensor) -> torch.Tensor:
    """What the papers call alpha bar."""
    return 1 / (1 + levels.square())


def test_linear_is_that_of_ho_et_al() -> None:
    steps = torch.tensor([10, 100, 300, 500, 700])
    expected = DDPMScheduler(1000, beta_start=1e-4, beta_end=0.02).alphas_cumprod[steps]
    found = signal_share(training_levels("linear", (steps + 1) / 1000))
    torch.testing.assert_close(found, expected, rtol=0.02, atol=1e-4)


def test_cosine_is_a_quarter_turn() -> None:
    times = torch.tensor([0.1, 0.5, 0.9])
    expected = torch.cos(times * math.pi / 2).square()
    torch.testing.assert_close(signal_share(training_levels("cosine", times)), expected)


def test_karras_draws_normal_logarithms() -> None:
    times = draw_times("stratified", 10_000, np.random.default_rng(0))
    logarithms = training_levels("karras", times).log()
    assert logarithms.mean().item() == pytest.approx(-1.2, abs=0.01)
    assert logarithms.std().item() == pytest.approx(1.2, abs=0.02)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_levels_go_down_to_nothing(schedule: NoiseSchedule) -> None:
    levels = denoising_levels(schedule, 20, 1.0)
    assert levels.shape == (21,)
    assert levels[0].item() == pytest.approx(FIRST_SIGMAS[schedule], rel=1e-2)
    assert levels[-1] == 0
    assert (levels.diff() < 0).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_strength_begins_lower_and_without_jumps(schedule: NoiseSchedule) -> None:
    assert denoising_levels(schedule, 20, 0.4).shape == (9,)
    assert denoising_levels(schedule, 20, 1e-6).shape == (2,)
    starts = [denoising_levels(schedule, 20, share)[0].item() for share in (0.2, 0.4, 0.401, 0.8)]
    assert starts == sorted(starts)
    assert starts[2] == pytest.approx(starts[1], rel=0.02)


def test_karras_steps_are_even_in_the_seventh_root() -> None:
    roots = denoising_levels("karras", 10, 1.0)[:-1] ** (1 / 7)
    torch.testing.assert_close(roots.diff(), roots.diff().mean().expand(9))


@pytest.mark.parametrize("sampling", get_args(TimeSampling))
def test_times_are_within_bounds_and_seeded(sampling: TimeSampling) -> None:
    first, again = (draw_times(sampling, 64, np.random.default_rng(1)) for _ in range(2))
    assert torch.equal(first, again)
    assert first.min() > 0 and first.max() < 1


def test_stratified_times_fill_every_stretch() -> None:
    times = draw_times("stratified", 16, np.random.default_rng(2))
    assert sorted((times * 16).floor().int().tolist()) == list(range(16))
    assert times.tolist() != sorted(times.tolist())


def test_central_times_lie_in_the_middle() -> None:
    shares = {
        sampling: ((times > 0.25) & (times < 0.75)).float().mean().item()
        for sampling in ("uniform", "central")
        for times in [draw_times(sampling, 4000, np.random.default_rng(3))]
    }
    assert shares["uniform"] == pytest.approx(0.5, abs=0.04)
    assert shares["central"] > 0.65


def test_scalings_keep_what_the_network_sees_and_says_at_unit_spread() -> None:
    generator = torch.Generator().manual_seed(0)
    clean = SIGMA_DATA * torch.randn(4, 3, 64, 64, generator=generator)
    levels = torch.tensor([0.01, 0.5, 5.0, 80.0])
    noised = clean + levels[:, None, None, None] * torch.randn(clean.shape, generator=generator)
    skip, out, inwards = scalings(levels)
    for signal in (inwards * noised, (clean - skip * noised) / out):
        torch.testing.assert_close(signal.std((1, 2, 3)), torch.ones(4), rtol=0.03, atol=0)
