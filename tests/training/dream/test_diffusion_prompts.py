"""Prompts of a diffusion model: mixed, turned into each other, encoded once."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_dreams import FRAME, count_calls, difference, open_dreamer, pipeline_of, settings

from training.dream.camera import Picture
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusion.prompts import slerp


def test_weights_mix_prompts_without_a_jump(tiny_dreamer: DiffusersDreamer) -> None:
    def mixed(share: float) -> Picture:
        prompts = (("a pond of koi", 1 - share), ("lichen on a stone", share))
        return tiny_dreamer.dream(FRAME, settings(prompts=prompts))

    ends = mixed(0.0), mixed(1.0)
    assert np.allclose(ends[0], tiny_dreamer.dream(FRAME, settings()), atol=1e-5)
    assert difference(*ends) > 1e-5
    way = [mixed(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    jumps = [difference(one, other) for one, other in zip(way, way[1:], strict=False)]
    assert max(jumps) < 0.6 * difference(*ends)
    assert difference(mixed(0.5), mixed(0.501)) < 0.01 * difference(*ends)


def test_the_order_of_prompts_means_nothing(tiny_dreamer: DiffusersDreamer) -> None:
    prompts = (("sea", 0.2), ("moss", 0.3), ("koi", 0.5))
    one = tiny_dreamer.dream(FRAME, settings(prompts=prompts))
    assert np.array_equal(tiny_dreamer.dream(FRAME, settings(prompts=prompts[::-1])), one)


def test_turning_keeps_lengths_and_meets_both_ends() -> None:
    one, other = torch.tensor([[2.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 2.0], [1.0, 0.0]])
    halfway = slerp(one, other, 0.5)
    assert halfway[0].tolist() == pytest.approx([math.sqrt(2), math.sqrt(2)])
    assert halfway[1].tolist() == pytest.approx([1.0, 0.0])
    assert torch.allclose(slerp(one, other, 0.0), one)
    assert torch.allclose(slerp(one, other, 1.0), other, atol=1e-6)


def test_a_prompt_is_encoded_once(tiny_pipeline: Path) -> None:
    dreamer = open_dreamer(tiny_pipeline)
    calls = count_calls(pipeline_of(dreamer).text_encoder)
    for share in (0.2, 0.5, 0.8):
        prompts = (("koi", 1 - share), ("lichen", share))
        dreamer.dream(FRAME, settings(prompts=prompts, negative_prompt="text"))
    assert len(calls) == 3


def test_a_prompt_too_long_for_the_model_is_told_of(tiny_pipeline: Path) -> None:
    told: list[str] = []
    dreamer = open_dreamer(tiny_pipeline, tell=told.append)
    for _ in range(2):
        dreamer.dream(FRAME, settings(prompts=(("苔" * 100, 1.0),)))
    assert len(told) == 1 and "77 tokens" in told[0]
