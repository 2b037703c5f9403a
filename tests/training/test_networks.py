"""VGG16's weights: found, read in every layout, checked; never fetched."""

from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import Tensor
from torchvision.models.vgg import cfgs, make_layers

from exporters.errors import LichenError
from training.eye.network import Eye
from training.losses.choose import choose_loss
from training.losses.wish import LossWish
from training.networks.choose import choose_network
from training.networks.padding import pad
from training.networks.vgg16 import Vgg16, find_vgg16, load_vgg16
from training.networks.weights import IMAGENET_DEVIATION, IMAGENET_MEAN, WeightsFile


def source(path: Path) -> WeightsFile:
    return WeightsFile(path, "tests")


def normalised(pictures: Tensor) -> Tensor:
    mean, deviation = (
        torch.tensor(values).view(1, 3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_DEVIATION)
    )
    return (pictures - mean) / deviation


def first_layers(tensors: dict[str, Tensor], convolutions: int = 7) -> dict[str, Tensor]:
    """Cut a torchvision state dict behind so many convolutions and their norms."""
    kernels = [key for key, value in tensors.items() if value.ndim == 4]
    last = int(kernels[convolutions].split(".")[1])
    return {
        key: value
        for key, value in tensors.items()
        if key.startswith("features.") and int(key.split(".")[1]) < last
    }


def test_torchvision_layout_gives_torchvision_features(tmp_path: Path) -> None:
    torch.manual_seed(0)
    reference = make_layers(cfgs["D"]).eval()
    safetensors.torch.save_file(
        first_layers({f"features.{k}": v for k, v in reference.state_dict().items()}),
        tmp_path / "vgg.safetensors",
    )
    pictures = torch.rand(1, 3, 16, 16)
    network = load_vgg16(source(tmp_path / "vgg.safetensors"))
    ours = network(pictures, ("relu1_2",), "circular")["relu1_2"]
    theirs = reference[:4](normalised(pictures))
    inner = (..., slice(2, -2), slice(2, -2))  # padding differs at the border
    torch.testing.assert_close(ours[inner], theirs[inner], rtol=1e-4, atol=1e-5)


def test_batch_norm_is_folded(tmp_path: Path) -> None:
    torch.manual_seed(0)
    reference = make_layers(cfgs["D"], batch_norm=True).eval()
    for module in reference:
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    tensors = first_layers({f"features.{k}": v for k, v in reference.state_dict().items()})
    torch.save(tensors, tmp_path / "vgg.pth")
    pictures = torch.rand(1, 3, 16, 16)
    network = load_vgg16(source(tmp_path / "vgg.pth"))
    ours = network(pictures, ("relu1_1",), "circular")["relu1_1"]
    theirs = reference[:3](normalised(pictures))
    inner = (..., slice(1, -1), slice(1, -1))
    torch.testing.assert_close(ours[inner], theirs[inner], rtol=1e-4, atol=1e-5)


def test_packaged_trunk_is_found_and_deep_enough() -> None:
    found = find_vgg16()
    assert found is not None
    assert load_vgg16(found).layer_names[:8][-1] == "relu4_1"


def test_circular_padding_makes_features_of_a_torus() -> None:
    found = find_vgg16()
    assert found is not None
    network = load_vgg16(found)
    pictures = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    here = network(pictures, ("relu2_1",), "circular")["relu2_1"]
    moved = network(pictures.roll((4, 8), (2, 3)), ("relu2_1",), "circular")["relu2_1"]
    torch.testing.assert_close(here.roll((2, 4), (2, 3)), moved, rtol=1e-3, atol=1e-3)


def test_unknown_layer_is_refused() -> None:
    network = Vgg16([(torch.zeros(64, 3, 3, 3), torch.zeros(64))], "tests")
    with pytest.raises(LichenError, match="relu1_1"):
        network(torch.zeros(1, 3, 8, 8), ("relu9_9",), "circular")


def test_pictures_that_are_too_small_for_a_layer_are_refused() -> None:
    found = find_vgg16()
    assert found is not None
    network = load_vgg16(found)
    for padding, side in (("circular", 15), ("reflect", 31)):
        pictures = torch.rand(1, 3, side, side + 1)
        told = f"relu5_1 .* {side + 1} x {side}: .*--size or --grid"
        with pytest.raises(LichenError, match=told):
            network(pictures, ("relu1_1", "relu5_1"), padding)
        assert network(pictures, ("relu1_1",), padding)["relu1_1"].shape[2:] == pictures.shape[2:]


def test_what_else_a_network_refuses_is_told_as_it_is() -> None:
    network = Vgg16([(torch.zeros(64, 3, 3, 3), torch.zeros(64))], "tests")
    pictures = torch.zeros(1, 3, 128, 64, dtype=torch.float64)
    with pytest.raises(LichenError, match=r"64 x 128: [^;]*double[^;]*; if .* too small"):
        network(pictures, ("relu1_1",), "circular")


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"not weights", b"\x80\x02]q\x00." * 9])
def test_damaged_weights_are_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(content)
    with pytest.raises(LichenError, match="no"):
        load_vgg16(source(path))


def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.save({"features.0.weight": torch.zeros(8, 3, 3, 3)}, tmp_path / "other.pth")
    with pytest.raises(LichenError, match="VGG16"):
        load_vgg16(source(tmp_path / "other.pth"))


@pytest.mark.parametrize("name", [None, "vgg16", "resnet18"])
def test_missing_weights_file_is_named(name: str | None) -> None:
    with pytest.raises(LichenError, match="nowhere.pth"):
        choose_network(name, Path("nowhere.pth"), download=False)


def test_unknown_network_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LichenError, match="no network resnet19.*resnet18"):
        choose_network("resnet19", None, download=False)


@pytest.mark.parametrize("reach", [1, 3])
def test_circular_padding_is_torchs(reach: int) -> None:
    signal = torch.randn(2, 3, 7, 5, dtype=torch.float64, requires_grad=True)
    padded = pad(signal, reach, "circular")
    expected = torch.nn.functional.pad(signal, (reach,) * 4, mode="circular")
    torch.testing.assert_close(padded, expected, rtol=0, atol=0)
    assert torch.autograd.gradcheck(lambda field: pad(field, reach, "circular"), signal)


def test_without_vgg16_the_eye_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.networks.choose.find_vgg16", lambda: None)
    for name in (None, "eye"):
        assert isinstance(choose_network(name, None, download=False), Eye)
    default = choose_loss(LossWish(), torch.rand(3, 48, 48))
    assert default.description == "sliced optimal transport on features of Lichen's own eye"
    with pytest.raises(LichenError, match="vgg16 are not on this machine"):
        choose_network("vgg16", None, download=False)


def test_the_eye_takes_no_weights(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="brings its own"):
        choose_network("eye", tmp_path / "weights.pth", download=False)
