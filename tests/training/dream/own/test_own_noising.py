"""Batches of a dreamer's training: noised as they arrive, used several times, the same each run."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from own_support import TINY

from training.dream.own.noise import scalings
from training.dream.own.noising import NoisedBatch, noised_batches
from training.dream.own.plan import DreamerPlan


class CountingSource:
    """Random patches; remembers how many were cut."""

    description = "noise"

    def __init__(self) -> None:
        self.drawn = 0

    def draw_patch(self, generator: np.random.Generator) -> NDArray[np.uint8]:
        self.drawn += 1
        return generator.integers(0, 256, (16, 16, 3), dtype=np.uint8)


def batches(
    count: int, first: int = 0, rank: int = 0, plan: DreamerPlan = TINY
) -> list[NoisedBatch]:
    return list(islice(noised_batches(CountingSource(), plan, first, rank), count))


def clean(batch: NoisedBatch) -> torch.Tensor:
    """The patches that the network would tell if it were always right."""
    skip, out, inwards = scalings(batch.levels)
    return skip * batch.scaled / inwards + out * batch.targets


def test_a_batch_arrives_noised() -> None:
    (batch,) = batches(1)
    patches = clean(batch)
    assert batch.scaled.shape == (4, 3, 16, 16)
    # Whole bytes, so that these really are the patches, and noise of the levels that are told.
    torch.testing.assert_close(
        ((patches + 1) * 127.5).round(), (patches + 1) * 127.5, atol=0.02, rtol=0
    )
    added = batch.scaled / scalings(batch.levels)[2] - patches
    torch.testing.assert_close(added.std((1, 2, 3)), batch.levels, rtol=0.15, atol=0)


def test_each_batch_is_used_several_times_with_fresh_noise() -> None:
    source = CountingSource()
    row = list(islice(noised_batches(source, TINY), 3 * TINY.reuse))
    assert source.drawn == 3 * TINY.batch
    first, second, third, following = (clean(batch) for batch in row[: TINY.reuse + 1])
    torch.testing.assert_close(first, second, atol=1e-3, rtol=0)
    torch.testing.assert_close(first, third, atol=1e-3, rtol=0)
    assert (first - following).abs().max() > 0.1
    assert not torch.equal(row[0].levels, row[1].levels)
    assert not torch.equal(row[0].scaled, row[1].scaled)


@pytest.mark.parametrize("first", [1, 3, 5])
def test_going_on_in_the_middle_gives_the_same(first: int) -> None:
    for ours, theirs in zip(batches(4, first), batches(9)[first:], strict=False):
        assert torch.equal(ours.scaled, theirs.scaled)
        assert torch.equal(ours.targets, theirs.targets)


def test_processes_and_seeds_have_patches_and_noise_of_their_own() -> None:
    (first,), (other_process,) = batches(1), batches(1, rank=1)
    (other_seed,) = batches(1, plan=replace(TINY, random_seed=1))
    for other in (other_process, other_seed):
        assert (clean(first) - clean(other)).abs().max() > 0.1
        assert not torch.equal(first.levels, other.levels)


def test_nothing_is_drawn_from_the_shared_generator() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    batches(2)
    assert torch.equal(torch.get_rng_state(), before)
