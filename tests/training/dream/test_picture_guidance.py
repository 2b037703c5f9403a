"""Guidance by pictures: it lowers what it is to lower, and leaves no trace."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_dreams import FRAME, SIDE, difference, never, open_dreamer, settings

from exporters.errors import LichenError
from training.dream.camera import Picture
from training.dream.diffusers_dreamer import DiffusersDreamer
from training.dream.diffusers_options import DiffusersOptions
from training.dream.diffusion.picture_guidance import StructureLoss
from training.eye.network import load_eye
from training.losses.ot import OptimalTransportLoss


def save(picture: Picture, path: Path) -> Path:
    Image.fromarray((255 * picture).astype(np.uint8)).save(path)
    return path


def as_batch(picture: Picture) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None]


def stripes(cells: int) -> Picture:
    rows = np.arange(SIDE) // cells % 2
    picture = np.broadcast_to(rows[:, None, None], (SIDE, SIDE, 3)) * (1.0, 0.6, 0.2)
    return picture.astype(np.float32)


@pytest.mark.parametrize(
    ("kind", "scheduler"),
    [
        ("content", "euler_a"),
        ("content", "unipc"),
        ("style", "ddim"),
        ("style", "dpm++"),
        ("style", "lcm"),
    ],
)
def test_guidance_by_a_picture_lowers_what_it_is_to_lower(
    tiny_pipeline: Path, tmp_path: Path, kind: str, scheduler: str
) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    options: dict[str, Any] = {
        f"{kind}_image": path,
        # Nothing for frame 0, and firmly from frame 1 on.
        f"{kind}_guidance": "0: (0), 1: (3)",
        "scheduler": scheduler,
    }
    dreamer = open_dreamer(tiny_pipeline, **options)
    target = as_batch(stripes(8))[0]
    loss = (StructureLoss if kind == "content" else OptimalTransportLoss)(target, load_eye())

    def cost(index: int, random_seed: int) -> float:
        picture = dreamer.dream(
            FRAME, settings(index=index, frame_count=2, random_seed=random_seed)
        )
        return float(loss(as_batch(picture), torch.Generator().manual_seed(0)))

    pairs = [(cost(0, random_seed), cost(1, random_seed)) for random_seed in range(2)]
    assert all(guided < 0.98 * free for free, guided in pairs), pairs


def test_guiding_pictures_suit_frames_of_any_size(tiny_pipeline: Path, tmp_path: Path) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    options = DiffusersOptions(
        str(tiny_pipeline),
        steps=2,
        content_image=path,
        content_guidance="1",
        style_image=path,
        style_guidance="0.5",
    )
    dreamer = DiffusersDreamer(options, (37, 42), never, print)
    frame = np.random.default_rng(1).random((42, 37, 3), np.float32)
    assert dreamer.dream(frame, settings()).shape == frame.shape


def test_guidance_repeats_itself_and_leaves_no_trace(tiny_pipeline: Path, tmp_path: Path) -> None:
    path = save(stripes(8), tmp_path / "stripes.png")
    guided = open_dreamer(tiny_pipeline, style_image=path, style_guidance="0: (0), 1: (2)")
    firm = settings(index=1, frame_count=2)
    first = guided.dream(FRAME, firm)
    assert np.array_equal(guided.dream(FRAME, firm), first)
    free = open_dreamer(tiny_pipeline).dream(FRAME, settings())
    assert np.array_equal(guided.dream(FRAME, settings()), free)
    assert difference(first, free) > 1e-4


def test_a_guiding_picture_that_is_missing_is_told_of_at_once(
    tiny_pipeline: Path, tmp_path: Path
) -> None:
    with pytest.raises(LichenError, match="nothing.png"):
        open_dreamer(tiny_pipeline, content_image=tmp_path / "nothing.png", content_guidance="1")
