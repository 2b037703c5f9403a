"""Each style loss is small for more of the same texture and large for another."""

from collections.abc import Callable
from typing import get_args

import pytest
import torch
from torch import Tensor

from training.losses.choose import build_loss
from training.losses.combined import CombinedLoss
from training.losses.gram import GramLoss, gram_matrix
from training.losses.ot import OptimalTransportLoss
from training.losses.overflow import overflow_loss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.losses.transport import TransportTarget, transport_cost, unit_directions
from training.losses.wish import LossWish
from training.networks.feature_network import Padding
from training.networks.low_precision import LowPrecisionNetwork
from training.networks.vgg16 import Vgg16, find_vgg16, load_vgg16


@pytest.fixture(scope="module")
def network() -> Vgg16:
    source = find_vgg16()
    assert source is not None, "the development extra brings a VGG16 trunk"
    return load_vgg16(source)


def stripes(phase: int, horizontal: bool) -> Tensor:
    """A striped picture [3, 64, 64] in 0..1; the phase slides it."""
    wave = ((torch.arange(64) + phase) % 8 < 4).float()
    field = wave[:, None].expand(64, 64) if horizontal else wave[None, :].expand(64, 64)
    return torch.stack([field, 0.5 * field, 1 - field]).contiguous()


def losses(network: Vgg16) -> dict[str, Callable[[Tensor], StyleLoss]]:
    return {
        "ot": lambda exemplar: OptimalTransportLoss(exemplar, network),
        "gram": lambda exemplar: GramLoss(exemplar, network),
        "patch": PatchLoss,
    }


@pytest.mark.parametrize("name", ["ot", "gram", "patch"])
def test_prefers_the_same_texture(name: str, network: Vgg16) -> None:
    loss = losses(network)[name](stripes(0, horizontal=True))
    same = loss(stripes(3, horizontal=True)[None], torch.Generator().manual_seed(0))
    other = loss(stripes(3, horizontal=False)[None], torch.Generator().manual_seed(0))
    assert same < other / 2


@pytest.mark.parametrize("name", ["ot", "gram", "patch"])
def test_gradient_leads_to_the_texture(name: str, network: Vgg16) -> None:
    loss = losses(network)[name](stripes(0, horizontal=True))
    generator = torch.Generator().manual_seed(0)
    pixels = torch.rand(1, 3, 64, 64, generator=generator, requires_grad=True)
    optimizer = torch.optim.Adam([pixels], lr=0.05)
    first = loss(pixels, generator).item()
    for _ in range(30):
        optimizer.zero_grad()
        cost = loss(pixels, generator)
        cost.backward()
        optimizer.step()
    assert cost.item() < first / 3


@pytest.mark.parametrize("loss_type", [GramLoss])
def test_layers_and_their_weights_count(loss_type: type[GramLoss], network: Vgg16) -> None:
    exemplar, pictures = stripes(0, horizontal=True), stripes(0, horizontal=False)[None]

    def cost(weights: dict[str, float]) -> float:
        loss = loss_type(exemplar, network, weights)
        return loss(pictures, torch.Generator().manual_seed(0)).item()

    one, other = cost({"relu1_2": 1}), cost({"pixels": 1})
    both = cost({"relu1_2": 2, "pixels": 0.5})
    assert both == pytest.approx(2 * one + 0.5 * other, rel=1e-4)


def test_a_combination_is_the_weighted_sum() -> None:
    class Constant:
        description = "constant"

        def __init__(self, value: float) -> None:
            self.value = value

        def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
            return torch.tensor(self.value)

    loss = CombinedLoss([(2.0, Constant(3.0)), (0.5, Constant(10.0))])
    assert loss(torch.zeros(1, 3, 8, 8), torch.Generator()) == 11
    assert loss.description == "2 x constant + 0.5 x constant"


def test_the_weight_of_a_loss_alone_counts() -> None:
    exemplar, pictures = stripes(0, horizontal=True), stripes(0, horizontal=False)[None]

    def cost(wish: str) -> float:
        loss = build_loss(LossWish(wish), exemplar, None)
        return loss(pictures, torch.Generator().manual_seed(0)).item()

    assert cost("1000*patch") == pytest.approx(1000 * cost("patch"))
    assert cost("patch=0.001") == pytest.approx(0.001 * cost("patch"))


def test_transport_cost_of_a_shift_is_its_square() -> None:
    points = torch.randn(1, 1, 100, generator=torch.Generator().manual_seed(0))
    target = points[0].sort(dim=1).values + 0.5
    torch.testing.assert_close(transport_cost(points, target), torch.tensor(0.25))


def test_transport_cost_and_gradient_agree_with_sorting() -> None:
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(2, 5, 100, generator=generator, requires_grad=True)
    target = torch.randn(5, 100, generator=generator).sort(dim=1).values
    cost = transport_cost(points, target)
    expected = (points.sort(dim=2).values - target).square().mean()
    torch.testing.assert_close(cost, expected)
    ours, theirs = (torch.autograd.grad(value, points)[0] for value in (cost, expected))
    torch.testing.assert_close(ours, theirs)


def test_transport_ignores_order_and_sample_size() -> None:
    generator = torch.Generator().manual_seed(0)
    directions = unit_directions(64, 3, generator)
    points = torch.rand(4096, 3, generator=generator)
    target = TransportTarget(points, directions)
    shuffled = points[torch.randperm(4096, generator=generator)][:900]
    assert target.distance(shuffled[None], generator) < 0.02
    assert target.distance(shuffled[None] + 0.3, generator) > 0.2


def test_gram_matrix_by_hand() -> None:
    points = torch.tensor([[[1.0, 3.0], [2.0, 4.0]]])
    expected = torch.tensor([[[2.5, 5.5], [5.5, 12.5]]])
    torch.testing.assert_close(gram_matrix(points), expected)


def test_overflow_by_hand() -> None:
    state = torch.tensor([0.5, -3.0, 2.0, 1.0])
    torch.testing.assert_close(overflow_loss(state), torch.tensor(0.75))


def test_bfloat16_judges_alike(network: Vgg16) -> None:
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    low = LowPrecisionNetwork(network)
    plain = network(pictures, network.style_layers, "circular")
    for name, features in low(pictures, network.style_layers, "circular").items():
        assert features.dtype == torch.float32
        difference = (features - plain[name]).norm() / plain[name].norm()
        assert 1e-4 < difference < 1e-2  # it is another precision, and no worse than that
    assert low.layer_names == network.layer_names and "bfloat16" in low.description


@pytest.mark.parametrize("name", ["ot", "gram", "patch"])
def test_a_picture_that_is_no_torus_is_not_seen_as_one(name: str, network: Vgg16) -> None:
    """Rolling moves an edge into the picture: nothing on a torus, much where edges mirror."""
    exemplar = stripes(0, horizontal=True)
    ramp = torch.linspace(0, 1, 32).expand(1, 3, 32, 32).contiguous()
    differences = {}
    for padding in get_args(Padding):
        loss = build_loss(LossWish(name), exemplar, network, padding)
        scores = [
            loss(picture, torch.Generator().manual_seed(0)) for picture in (ramp, ramp.roll(16, 3))
        ]
        differences[padding] = abs(scores[0] / scores[1] - 1)
    assert differences["reflect"] > 5 * differences["circular"]
