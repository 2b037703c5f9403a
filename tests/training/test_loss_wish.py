"""What a user writes about losses and layers, read and built."""

from pathlib import Path

import pytest
import torch

from exporters.errors import LichenError
from training.losses.choose import choose_loss
from training.losses.wish import LossWish


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("ot", {"ot": 1}),
        ("ot+0.5*patch", {"ot": 1, "patch": 0.5}),
        ("ot=1,patch=0.5", {"ot": 1, "patch": 0.5}),
        (" 2 * gram + patch ", {"gram": 2, "patch": 1}),
        ("1e-3*patch", {"patch": 0.001}),
    ],
)
def test_losses_are_read(text: str, weights: dict[str, float]) -> None:
    assert LossWish(text).loss_weights() == weights


def test_layers_are_read() -> None:
    wish = LossWish(layers="pixels, relu2_1=0.5,features.3=2")
    assert wish.layer_weights() == {"pixels": 1, "relu2_1": 0.5, "features.3": 2}


def test_what_is_left_open_is_empty() -> None:
    assert (LossWish().loss_weights(), LossWish().layer_weights()) == ({}, {})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("magic", "no loss 'magic'; use ot, gram, patch"),
        ("", "no loss ''"),
        ("ot+", "no loss ''"),
        ("ot++patch", "no loss ''"),
        ("ot*patch", "weight 'ot' of patch"),
        ("0*ot", "weight '0' of ot"),
        ("nan*ot", "weight 'nan'"),
        ("ot=inf", "weight 'inf'"),
        ("-1*ot", "weight '-1'"),
        ("ot=__import__('os')", "weight"),
        ("ot+ot", "named twice"),
    ],
)
def test_losses_that_cannot_be_read_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(LichenError, match=complaint):
        LossWish(text)


@pytest.mark.parametrize("text", ["relu1_1=0", "relu1_1=x", "a,a", ""])
def test_layers_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(LichenError):
        LossWish(layers=text)


def test_a_sum_is_built_with_one_network() -> None:
    exemplar = torch.rand(3, 48, 48, generator=torch.Generator().manual_seed(0))
    loss = choose_loss(LossWish("ot+0.5*patch", layers="pixels,relu1_1"), exemplar)
    assert loss.description.startswith("1 x sliced optimal transport on features of VGG16")
    assert "0.5 x sliced optimal transport on patches" in loss.description
    pictures = torch.rand(1, 3, 32, 32, requires_grad=True)
    loss(pictures, torch.Generator().manual_seed(0)).backward()
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0


def test_a_network_for_patches_is_refused() -> None:
    exemplar = torch.rand(3, 48, 48)
    for wish in (LossWish("patch", network="vgg16"), LossWish("patch", layers="relu1_1")):
        with pytest.raises(LichenError, match="looks at no network"):
            choose_loss(wish, exemplar)


def test_an_unknown_layer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LichenError, match="no layer relu9_9; choose from relu1_1"):
        choose_loss(LossWish(layers="relu9_9"), torch.rand(3, 48, 48))


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    torch.save({"features.0.weight": torch.zeros(8, 3, 3, 3)}, path)
    with pytest.raises(LichenError, match="no weights of VGG16"):
        choose_loss(LossWish("ot", weights=path), torch.rand(3, 48, 48))
