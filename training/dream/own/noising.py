"""Batches that arrive noised: fast.ai's lesson 19 adds the noise in the collate function.

Lesson 20 uses each batch several times, since cutting patches out of pictures is slow; here the
noise is fresh each time. Everything that is drawn depends on the number of the batch alone, so
that a training can go on from any iteration.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count, islice

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training.dream.own.noise import draw_times, scalings, training_levels
from training.dream.own.pictures import PatchSource
from training.dream.own.plan import DreamerPlan

# Which of the independent streams of random numbers.
PATCHES, NOISE = 0, 1

# A patch [3, side, side] in -1..1, and which of the endless row it is.
Sample = tuple[int, Tensor]


@dataclass(frozen=True)
class NoisedBatch:
    """What the network sees and what it should say, [n, 3, h, w] each; `levels` [n] are sigmas."""

    scaled: Tensor
    levels: Tensor
    targets: Tensor


class Patches(Dataset[Sample]):
    """An endless row of patches, each of which depends on its number, process and seed alone."""

    def __init__(self, source: PatchSource, random_seed: int, rank: int = 0) -> None:
        self._source = source
        self._seed = (PATCHES, random_seed, rank)

    def __getitem__(self, index: int) -> Sample:
        """Raises LichenError where a picture cannot be read."""
        pixels = self._source.draw_patch(np.random.default_rng((*self._seed, index)))
        levels = torch.from_numpy(np.array(pixels)).permute(2, 0, 1)
        return index, levels.float() / 127.5 - 1


class NoisingCollate:
    """Makes `plan.reuse` noised batches of the same patches."""

    def __init__(self, plan: DreamerPlan, rank: int = 0) -> None:
        self._plan = plan
        self._seed = (NOISE, plan.random_seed, rank)

    def __call__(self, samples: list[Sample]) -> list[NoisedBatch]:
        """The first sample's number decides about the noise."""
        first_index = samples[0][0]
        patches = torch.stack([patch for _, patch in samples])
        return [
            self._noised(patches, np.random.default_rng((*self._seed, first_index, turn)))
            for turn in range(self._plan.reuse)
        ]

    def _noised(self, patches: Tensor, generator: np.random.Generator) -> NoisedBatch:
        times = draw_times(self._plan.times, len(patches), generator)
        noise = torch.from_numpy(generator.standard_normal(patches.shape, np.float32))
        return noised(patches, noise, training_levels(self._plan.schedule, times))


def noised(patches: Tensor, noise: Tensor, levels: Tensor) -> NoisedBatch:
    """Add noise of unit spread, scaled to sigmas [n], to patches in -1..1; both [n, 3, h, w]."""
    skip, out, inwards = scalings(levels)
    mixed = patches + levels[:, None, None, None] * noise
    return NoisedBatch(inwards * mixed, levels, (patches - skip * mixed) / out)


def noised_batches(
    source: PatchSource, plan: DreamerPlan, iteration: int = 0, rank: int = 0
) -> Iterator[NoisedBatch]:
    """The endless row of batches of one process, from that of an iteration on.

    Raises:
        LichenError: a picture cannot be read.
    """
    loader: DataLoader[Sample] = DataLoader(
        Patches(source, plan.random_seed, rank),
        batch_sampler=_BatchNumbers(iteration // plan.reuse, plan.batch),
        collate_fn=NoisingCollate(plan, rank),
        # Its own, so that it draws nothing from the generator that all of PyTorch shares.
        generator=torch.Generator(),
    )
    return islice(chain.from_iterable(loader), iteration % plan.reuse, None)


class _BatchNumbers:
    """The numbers of the patches in each batch, from one batch on."""

    def __init__(self, first_batch: int, size: int) -> None:
        self._first_batch = first_batch
        self._size = size

    def __iter__(self) -> Iterator[list[int]]:
        for batch in count(self._first_batch):
            yield list(range(batch * self._size, (batch + 1) * self._size))
