"""The judge of the training benchmark: it orders textures as an eye does."""

from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from exporters.automaton_file import load_automaton
from exporters.errors import LichenError
from exporters.gallery import GALLERY_FOLDER
from exporters.seed import seed_state
from training.automaton_step import TrainableAutomaton
from training.benchmarks import score
from training.benchmarks.score import TextureScore, frechet_distance

NAMES = ["coral", "ember", "opal"]


@cache
def exemplar(name: str) -> Tensor:
    with Image.open(GALLERY_FOLDER / "exemplars" / f"{name}.png") as file:
        return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1).float() / 255


@cache
def states(name: str) -> dict[int, Tensor]:
    """What the gallery's automaton shows after 6 steps from its seed and after 300."""
    automaton = load_automaton(GALLERY_FOLDER / f"{name}.safetensors")
    twin = TrainableAutomaton(automaton)
    seed = seed_state(automaton.seed, automaton.channels, 96, 96)
    state = torch.from_numpy(seed).permute(1, 2, 0)[None].contiguous()
    generator = torch.Generator().manual_seed(0)
    seen = {}
    with torch.no_grad():
        for step in range(1, 301):
            state = twin(state, twin.draw_mask(state, generator))
            if step in (6, 300):
                seen[step] = state[..., :3].permute(0, 3, 1, 2) + 0.5
    return seen


@pytest.mark.parametrize("name", NAMES)
def test_better_textures_score_lower(name: str) -> None:
    picture = exemplar(name)
    judge = TextureScore(picture)
    noise = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    ordered = [
        judge(picture[None, :, :96, 16:112]),
        judge(states(name)[300]),
        judge(states(name)[6]),
        judge(noise),
    ]
    assert ordered == sorted(ordered)
    assert ordered[0] < 0.05
    assert ordered[1] < 0.5 * ordered[2]


@pytest.mark.parametrize("name", NAMES)
def test_loss_of_structure_is_seen(name: str) -> None:
    picture = exemplar(name)
    judge = TextureScore(picture)
    order = torch.randperm(128 * 128, generator=torch.Generator().manual_seed(0))
    shuffled = picture.flatten(1)[:, order].view_as(picture)
    blurred = functional.avg_pool2d(picture[None], 5, stride=1, padding=2)
    assert judge(picture[None]) < 1e-3
    assert judge(shuffled[None]) > 0.2
    assert judge(blurred) > 0.05


def test_flat_mean_colour_scores_one() -> None:
    picture = exemplar("coral")
    flat = picture.mean(dim=(1, 2), keepdim=True).expand_as(picture)
    assert TextureScore(picture)(flat[None]) == pytest.approx(1.0)


def test_several_pictures_are_one_cloud() -> None:
    picture = exemplar("coral")
    judge = TextureScore(picture)
    crops = torch.stack([picture[:, :64, :64], picture[:, 64:, 64:]])
    apart = [judge(crop[None]) for crop in crops]
    assert judge(crops) < min(apart)


def test_frechet_distance_of_known_gaussians() -> None:
    """Axes of lengths 1 and 2 against 3 and 2, centres 5 apart: 25 + (3 - 1)^2."""
    corners = torch.tensor([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=torch.float64)
    first = corners * torch.tensor([1.0, 2.0])
    second = corners * torch.tensor([3.0, 2.0]) + torch.tensor([3.0, 4.0])
    assert frechet_distance(first, second) == pytest.approx(29.0)


def test_flat_exemplar_is_refused() -> None:
    with pytest.raises(LichenError, match="flat"):
        TextureScore(torch.full((3, 64, 64), 0.4))


def test_small_pictures_are_refused() -> None:
    with pytest.raises(LichenError, match="64"):
        TextureScore(exemplar("coral"))(torch.rand(1, 3, 63, 64))


def test_missing_judge_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_spec(score.PACKAGE) is not None
    monkeypatch.setattr(score, "PACKAGE", "no_such_package")
    with pytest.raises(LichenError, match="pip install"):
        TextureScore(exemplar("coral"))
