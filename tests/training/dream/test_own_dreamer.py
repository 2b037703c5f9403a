"""Dreaming with a tiny model of one's own: sizes, seeds, strength, and stopping."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

from exporters.errors import LichenError
from training.dream.camera import Picture
from training.dream.dreamer import Interrupted
from training.dream.journey import FrameSettings
from training.dream.own.denoiser import Denoiser
from training.dream.own.model_file import ModelFacts, OwnModel, save_model
from training.dream.own_dreamer import OwnDreamer
from training.dream.own_options import OwnOptions, Sampler


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained weights, which do something to every pixel."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("model") / "mine.safetensors"
    facts = ModelFacts((16, 24), 16, pictures="2 pictures of moss")
    save_model(OwnModel(Denoiser(facts.widths), facts), path)
    return path


def frame(width: int, height: int) -> Picture:
    return np.random.default_rng(0).random((height, width, 3), np.float32)


def settings(strength: float = 0.4, seed: int = 3) -> FrameSettings:
    return FrameSettings((("moss", 1.0),), 1.02, (0.5, 0.5), 0.0, strength, 7.0, 0.0, seed)


@pytest.mark.parametrize("size", [(32, 32), (48, 36), (33, 47)])
@pytest.mark.parametrize("sampler", ["ddim", "heun"])
def test_frames_of_any_size(model: Path, size: tuple[int, int], sampler: Sampler) -> None:
    dreamer = OwnDreamer(OwnOptions(model, steps=4, sampler=sampler))
    dreamt = dreamer.dream(frame(*size), settings())
    assert dreamt.shape == (size[1], size[0], 3)
    assert dreamt.dtype == np.float32
    assert dreamt.min() >= 0 and dreamt.max() <= 1
    assert np.isfinite(dreamt).all()


def test_same_settings_same_frame_and_each_seed_its_own(model: Path) -> None:
    dreamer = OwnDreamer(OwnOptions(model, steps=4))
    first, again = (dreamer.dream(frame(32, 32), settings()) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = dreamer.dream(frame(32, 32), settings(seed=4))
    assert np.abs(first - other).max() > 0.01


def test_strength_says_how_much_is_new(model: Path) -> None:
    dreamer = OwnDreamer(OwnOptions(model, steps=8))
    start = frame(32, 32)
    np.testing.assert_array_equal(dreamer.dream(start, settings(0.0)), start)
    changes = [
        float(np.abs(dreamer.dream(start, settings(strength)) - start).mean())
        for strength in (0.001, 0.1, 0.2, 0.4)
    ]
    assert changes[0] < 0.01
    assert changes == sorted(changes)


def test_a_large_frame_is_seen_like_a_small_one(model: Path) -> None:
    """One patch repeated more often: in the middle nothing changes but the network's norms."""
    denoiser = OwnDreamer(OwnOptions(model))._model.denoiser
    patch = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        middles = [
            denoiser.denoise(patch.repeat(1, 1, times, times), torch.tensor(0.5))[
                ..., 16 * times - 8 : 16 * times + 8, 16 * times - 8 : 16 * times + 8
            ]
            for times in (4, 8)
        ]
    assert middles[0].std() > 0.4
    torch.testing.assert_close(*middles, rtol=0, atol=0.03)


def test_imagines_from_noise_alone(model: Path) -> None:
    dreamer = OwnDreamer(OwnOptions(model, steps=3))
    first, again, other = (dreamer.imagine((40, 24), seed) for seed in (1, 1, 2))
    assert first.shape == (24, 40, 3)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_stops_between_two_steps(model: Path) -> None:
    asked = itertools.count(1)
    dreamer = OwnDreamer(OwnOptions(model, steps=20), lambda: next(asked) == 3)
    with pytest.raises(Interrupted):
        dreamer.dream(frame(32, 32), settings())
    assert next(asked) == 4


def test_says_honestly_what_it_is(model: Path) -> None:
    assert OwnDreamer(OwnOptions(model)).description == (
        "a small diffusion model trained on 2 pictures of moss; it hears no prompts"
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"steps": 0}, "1 to 1,000 steps"),
        ({"steps": 1001}, "1 to 1,000 steps"),
        ({"sampler": "euler"}, "ddim or heun"),
    ],
)
def test_bad_options(options: dict[str, object], complaint: str) -> None:
    with pytest.raises(LichenError, match=complaint):
        OwnOptions(**options)  # type: ignore[arg-type]


def test_without_a_model_it_says_where_to_get_one(model: Path) -> None:
    with pytest.raises(LichenError, match="lichen train-dreamer"):
        OwnDreamer(OwnOptions())
    with pytest.raises(LichenError, match="toaster"):
        OwnDreamer(OwnOptions(model, device="toaster"))
