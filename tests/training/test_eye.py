"""The shipped eye: small, seamless on a torus, and able to tell textures apart."""

from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.torch
import torch
from PIL import Image
from torch import Tensor

from exporters.errors import LichenError
from exporters.gallery import GALLERY_FOLDER
from training.benchmarks.spoilt import blurred, relative_cost, shuffled
from training.eye.network import EYE_PATH, STAGES, Eye, load_eye
from training.losses.ot import OptimalTransportLoss

ALL_LAYERS = tuple(STAGES)


def exemplar(name: str) -> Tensor:
    with Image.open(GALLERY_FOLDER / "exemplars" / f"{name}.png") as file:
        return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1).float() / 255


def random_pictures(side: int = 32) -> Tensor:
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0))


def test_file_is_small_and_in_half_precision_and_says_what_it_is() -> None:
    assert EYE_PATH.stat().st_size <= 1_000_000
    with safetensors.safe_open(EYE_PATH, framework="pt") as file:
        metadata = file.metadata()
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.float16}
    assert metadata["version"] == "1"
    assert metadata["licence"] == "MIT"
    assert "CRAFT" in metadata["teacher"]


def test_features_of_all_layers() -> None:
    eye = load_eye()
    assert eye.layer_names == ALL_LAYERS == eye.style_layers
    seen = eye(random_pictures(), ALL_LAYERS, "circular")
    shapes = {name: tuple(features.shape) for name, features in seen.items()}
    assert shapes == {
        "stride1": (2, 64, 32, 32),
        "stride2": (2, 64, 16, 16),
        "stride4": (2, 64, 8, 8),
        "stride8": (2, 64, 4, 4),
    }


def test_one_layer_is_the_same_alone() -> None:
    eye = load_eye()
    among_all = eye(random_pictures(), ALL_LAYERS, "reflect")["stride4"]
    alone = eye(random_pictures(), ("stride4",), "reflect")
    assert list(alone) == ["stride4"]
    assert torch.equal(alone["stride4"], among_all)


def test_circular_padding_makes_features_of_a_torus() -> None:
    eye = load_eye()
    here = eye(random_pictures(), ALL_LAYERS, "circular")
    moved = eye(random_pictures().roll((8, 16), (2, 3)), ALL_LAYERS, "circular")
    for name, stride in zip(ALL_LAYERS, (1, 2, 4, 8), strict=True):
        rolled = here[name].roll((8 // stride, 16 // stride), (2, 3))
        torch.testing.assert_close(rolled, moved[name], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", ["koi", "honeycomb"])
def test_shuffled_tiles_cost_more_than_to_an_untaught_eye(name: str) -> None:
    """Colours and tiles are right, only the structure is broken: that takes a taught eye."""
    picture = exemplar(name)
    crop = picture[None, :, :64, :64]
    torch.manual_seed(0)
    taught, untaught = (
        relative_cost(OptimalTransportLoss(picture, network), shuffled(crop), crop)
        for network in (load_eye(), Eye().requires_grad_(False))
    )
    assert taught > 2
    assert taught > 1.2 * untaught


@pytest.mark.parametrize("name", ["coral", "honeycomb", "pebbles"])
def test_loss_grows_as_a_texture_gets_worse(name: str) -> None:
    picture = exemplar(name)
    loss = OptimalTransportLoss(picture, load_eye())
    crop = picture[None, :, :64, :64]
    costs = [
        loss(spoilt, torch.Generator().manual_seed(1)).item()
        for spoilt in (
            crop,
            shuffled(crop),
            blurred(crop),
            crop.mean(dim=(2, 3), keepdim=True).expand_as(crop),
        )
    ]
    assert costs == sorted(costs)
    assert costs[2] > 2 * costs[0]


def test_descent_on_the_loss_draws_the_texture() -> None:
    """Pixels that follow the gradient end up nearer than those of the exemplar's blur."""
    picture = exemplar("coral")
    loss = OptimalTransportLoss(picture, load_eye())
    generator = torch.Generator().manual_seed(0)
    pixels = (0.5 + 0.1 * torch.randn(1, 3, 32, 32, generator=generator)).requires_grad_()
    before = loss(pixels, generator).item()
    optimizer = torch.optim.Adam([pixels], lr=0.05)
    for _ in range(40):
        optimizer.zero_grad()
        loss(pixels, generator).backward()
        optimizer.step()
    assert loss(pixels, generator).item() < 0.25 * before


def test_weights_are_frozen() -> None:
    assert not any(parameter.requires_grad for parameter in load_eye().parameters())


def test_unknown_layer_is_refused() -> None:
    with pytest.raises(LichenError, match="stride1"):
        load_eye()(random_pictures(), ("relu1_1",), "circular")


def test_missing_and_damaged_files_are_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "eye.safetensors"
    for content in (None, b"", EYE_PATH.read_bytes()[:5000]):
        if content is not None:
            damaged.write_bytes(content)
        with pytest.raises(LichenError, match="reinstall"):
            load_eye(damaged)


def test_another_network_and_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "eye.safetensors"
    safetensors.torch.save_file({"weight": torch.zeros(1)}, path, metadata={"version": "1"})
    with pytest.raises(LichenError, match="no eye"):
        load_eye(path)
    later = {name: tensor.contiguous() for name, tensor in Eye().state_dict().items()}
    safetensors.torch.save_file(later, path, metadata={"version": "2"})
    with pytest.raises(LichenError, match="version 2"):
        load_eye(path)
