"""Each style loss is small for more of the same texture and large for another."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from training.losses.gram import GramLoss, gram_matrix
from training.losses.ot import OptimalTransportLoss
from training.losses.overflow import overflow_loss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.losses.transport import TransportTarget, transport_cost, unit_directions
from training.networks import Vgg16, find_network_source, load_vgg16


@pytest.fixture(scope="module")
def network() -> Vgg16:
    source = find_network_source(None)
    assert source is not None, "the development extra brings a VGG16 trunk"
    return load_vgg16(source)


def stripes(phase: int, horizontal: bool) -> Tensor:
    """A striped picture [3, 64, 64] in 0..1; the phase slides it."""
    wave = ((torch.arange(64) + phase) % 8 < 4).float()
    field = wave[:, None].expand(64, 64) if horizontal else wave[None, :].expand(64, 64)
    return torch.stack([field, 0.5 * field, 1 - field]).contiguous()


def losses(network: Vgg16) -> dict[str, Callable[[Tensor], StyleLoss]]:
    return {
        "ot": lambda exemplar: OptimalTransportLoss(exemplar, network, "tests"),
        "gram": lambda exemplar: GramLoss(exemplar, network, "tests"),
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


def test_transport_cost_of_a_shift_is_its_square() -> None:
    points = torch.randn(1, 1, 100, generator=torch.Generator().manual_seed(0))
    target = points[0].sort(dim=1).values + 0.5
    torch.testing.assert_close(transport_cost(points, target), torch.tensor(0.25))


def test_transport_ignores_order_and_sample_size() -> None:
    generator = torch.Generator().manual_seed(0)
    directions = unit_directions(64, 3, generator)
    points = torch.rand(3, 4096, generator=generator)
    target = TransportTarget(points, directions, 4096)
    shuffled = points[:, torch.randperm(4096, generator=generator)][:, :900]
    assert target.distance(shuffled[None], generator) < 0.02
    assert target.distance(shuffled[None] + 0.3, generator) > 0.2


def test_gram_matrix_by_hand() -> None:
    features = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    expected = torch.tensor([[[2.5, 5.5], [5.5, 12.5]]])
    torch.testing.assert_close(gram_matrix(features), expected)


def test_overflow_by_hand() -> None:
    state = torch.tensor([0.5, -3.0, 2.0, 1.0])
    torch.testing.assert_close(overflow_loss(state), torch.tensor(0.75))
