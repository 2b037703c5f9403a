"""Networks of torchvision by name, through files of weights as a user would have them."""

from pathlib import Path

import pytest
import torch
from torchvision.models import get_model

from exporters.errors import LichenError
from training.losses.ot import OptimalTransportLoss
from training.networks.backbone import Backbone, load_backbone
from training.networks.choose import choose_network
from training.networks.weights import IMAGENET_DEVIATION, IMAGENET_MEAN, WeightsFile

STYLE_LAYERS = {
    "resnet18": ("relu", "layer1", "layer2"),
    "convnext_tiny": ("features.1", "features.3", "features.5"),
    "mobilenet_v2": ("features.1", "features.3", "features.6"),
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of weights for each network.

    They are untrained, from one seed: every machine tests the same ones.
    """
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    files: dict[str, Path] = {}
    for name in STYLE_LAYERS:
        files[name] = folder / f"{name}.pth"
        torch.save(get_model(name, weights=None).state_dict(), files[name])
    return files


@pytest.fixture(scope="module", params=STYLE_LAYERS)
def network(request: pytest.FixtureRequest, weights: dict[str, Path]) -> Backbone:
    return load_backbone(request.param, WeightsFile(weights[request.param], request.param))


def test_judges_by_its_three_finest_resolutions(network: Backbone) -> None:
    name = network.description.partition(",")[0]
    assert network.style_layers == STYLE_LAYERS[name]


def test_sees_a_torus(network: Backbone) -> None:
    pictures = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    here = network(pictures, network.style_layers, "circular")
    moved = network(pictures.roll((16, 32), (2, 3)), network.style_layers, "circular")
    for name, features in here.items():
        stride = 64 // features.shape[2]
        rolled = features.roll((16 // stride, 32 // stride), (2, 3))
        torch.testing.assert_close(moved[name], rolled, rtol=1e-3, atol=1e-3)


def test_features_are_torchvisions(weights: dict[str, Path]) -> None:
    reference = get_model("resnet18", weights=None).eval()
    reference.load_state_dict(torch.load(weights["resnet18"], weights_only=True))
    pictures = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    mean, deviation = (
        torch.tensor(values).view(1, 3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_DEVIATION)
    )
    stem = reference.relu(reference.bn1(reference.conv1((pictures - mean) / deviation)))
    theirs = reference.layer1(reference.maxpool(stem))
    network = load_backbone("resnet18", WeightsFile(weights["resnet18"], "tests"))
    found = network(pictures, ("bn1", "layer1"), "reflect")
    assert found["bn1"].min() < 0  # before its rectifier, which may not overwrite it
    inner = (..., slice(8, -8), slice(8, -8))  # padding differs at the border
    torch.testing.assert_close(found["layer1"][inner], theirs[inner], rtol=1e-4, atol=1e-4)


def test_features_tell_textures_apart(network: Backbone) -> None:
    ramp = (torch.arange(128) % 32 < 16).float()
    stripes = ramp.expand(3, 128, 128)
    noise = torch.rand(3, 128, 128, generator=torch.Generator().manual_seed(0))
    loss = OptimalTransportLoss(stripes, network)
    same, other = (
        loss(pictures[None], torch.Generator().manual_seed(0))
        for pictures in (stripes.roll(8, 2), noise)  # 8: the stride of the coarsest layer
    )
    assert same < other / 2


def test_another_networks_weights_are_refused(weights: dict[str, Path]) -> None:
    with pytest.raises(LichenError, match="no weights of resnet18"):
        choose_network("resnet18", weights["mobilenet_v2"], download=False)


def test_weights_that_are_not_there_are_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(LichenError, match="resnet18 are not on this machine.*--download"):
        choose_network("resnet18", None, download=False)
    assert not list(tmp_path.iterdir())


def test_weights_are_found_where_torchvision_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: dict[str, Path]
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "mobilenet_v2-b0353104.pth").symlink_to(weights["mobilenet_v2"])
    network = choose_network("mobilenet_v2", None, download=False)
    assert network is not None
    assert "torchvision's download folder" in network.description


def test_pictures_that_are_too_small_are_refused(weights: dict[str, Path]) -> None:
    network = load_backbone("convnext_tiny", WeightsFile(weights["convnext_tiny"], "tests"))
    with pytest.raises(LichenError, match="16 x 16.*--grid"):
        network(torch.rand(1, 3, 16, 16), ("features.7",), "circular")
