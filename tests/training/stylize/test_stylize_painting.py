"""Paintings: what each objective brings about, by factors, and that a seed repeats it."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from exporters.errors import LichenError
from training.eye.network import Eye, load_eye
from training.losses.content import ContentLoss
from training.losses.gram import GramLoss
from training.losses.ot import OptimalTransportLoss
from training.losses.patch import PatchLoss
from training.losses.style import StyleLoss
from training.losses.total_variation import total_variation
from training.networks.shared import SharedNetwork
from training.stylize.canvas import SigmoidCanvas, SpectrumCanvas, grey_noise
from training.stylize.objectives import (
    Objective,
    all_of,
    calm,
    exciting,
    like_content,
    like_style,
    towards,
    unsteady,
)
from training.stylize.painting import Painting

SIDE_PIXELS = 32
ORANGE_AND_BLUE = ((0.8, 0.5, 0.1), (0.1, 0.2, 0.8))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise() -> Tensor:
    return grey_noise(SIDE_PIXELS, SIDE_PIXELS, seeded())


def checks() -> Tensor:
    """Orange and blue, six pixels each, a little restless, [3, side, side]."""
    places = torch.arange(SIDE_PIXELS) // 6
    is_orange = (places[:, None] + places) % 2 == 0
    orange, blue = (torch.tensor(colour)[:, None, None] for colour in ORANGE_AND_BLUE)
    noise = torch.rand((3, SIDE_PIXELS, SIDE_PIXELS), generator=seeded(1))
    return torch.where(is_orange, orange, blue) + 0.1 * noise


def disc() -> Tensor:
    """White on dark, [1, 3, side, side]."""
    places = torch.linspace(-1, 1, SIDE_PIXELS)
    inside = places[:, None].square() + places.square() < 0.4
    return torch.where(inside, 0.9, 0.2).expand(1, 3, SIDE_PIXELS, SIDE_PIXELS).contiguous()


@pytest.fixture(scope="module")
def eye() -> Eye:
    return load_eye()


def score(objective: Objective, picture: Tensor) -> float:
    with torch.no_grad():
        return objective(picture, seeded(9)).item()


def painted(objective: Objective, iterations: int = 40, seed: int = 0) -> Tensor:
    canvas = SigmoidCanvas(noise())
    Painting(canvas, objective, iterations, 0.2, seed).run()
    return canvas.pictures().detach()


def test_pixels_find_a_picture() -> None:
    """The lesson's first check."""
    picture = painted(towards(disc()), 60)
    assert (picture - disc()).abs().mean() < (noise() - disc()).abs().mean() / 10


@pytest.mark.parametrize("kind", [GramLoss, OptimalTransportLoss, PatchLoss])
def test_pixels_take_on_a_style(kind: type, eye: Eye) -> None:
    style: StyleLoss
    style = kind(checks(), padding="reflect") if kind is PatchLoss else kind(checks(), eye)
    objective = like_style(style, 1.0)
    assert score(objective, painted(objective)) < score(objective, noise()) / 4


def test_inversion_finds_a_picture_of_the_same_features(eye: Eye) -> None:
    objective = like_content(ContentLoss(eye, disc(), {"stride4": 1.0}), disc(), 1.0)
    picture = painted(all_of([objective, calm(0.1)]))
    assert score(objective, picture) < score(objective, noise()) / 4
    # Nothing but the features led there.
    assert (picture - disc()).abs().mean() < (noise() - disc()).abs().mean() / 2


def test_content_and_style_meet(eye: Eye) -> None:
    network = SharedNetwork(eye, eye.style_layers)
    style = like_style(OptimalTransportLoss(checks(), network, padding="reflect"), 1.0)
    content = like_content(ContentLoss(network, disc(), {"stride4": 1.0}), disc(), 60.0)
    both, style_alone = painted(all_of([style, content])), painted(style)
    assert score(content, both) < 0.85 * score(content, style_alone)
    assert score(style, both) < score(style, noise()) / 2


def test_calm_pictures_have_less_total_variation(eye: Eye) -> None:
    style = like_style(PatchLoss(checks(), "reflect"), 1.0)
    restless, calmed = painted(style, 20), painted(all_of([style, calm(50.0)]), 20)
    assert total_variation(calmed) < total_variation(restless) / 2


def test_total_variation_is_the_mean_square_of_differences() -> None:
    picture = torch.zeros(1, 1, 2, 3)
    picture[0, 0, 1, 2] = 2.0
    assert total_variation(picture).item() == pytest.approx(4 / 3 + 4 / 4)


def test_a_filter_answers_to_its_picture_and_less_to_its_neighbours(eye: Eye) -> None:
    filters = [3, 11]
    objective = exciting(eye, "stride4", filters)
    canvas = SpectrumCanvas(2, SIDE_PIXELS, SIDE_PIXELS, seeded())
    before = score(objective, canvas.pictures())
    Painting(canvas, objective, 40, 0.1).run()
    pictures = canvas.pictures().detach()
    assert score(objective, pictures) < before - 3 * abs(before)
    answers = eye(pictures, ("stride4",), "reflect")["stride4"].mean((2, 3))[:, filters]
    assert answers[0, 0] > answers[1, 0]
    assert answers[1, 1] > answers[0, 1]


def test_a_trembling_hand_moves_pictures_a_little() -> None:
    large = functional.interpolate(disc(), 128)
    held = unsteady(large, seeded())
    assert held.shape == large.shape
    assert 0.01 < (held - large).abs().mean() < 0.1
    assert torch.equal(held, unsteady(large, seeded()))


def test_a_seed_repeats_a_painting_to_the_bit(eye: Eye) -> None:
    objective = like_style(OptimalTransportLoss(checks(), eye), 1.0)
    assert torch.equal(painted(objective, 5), painted(objective, 5))
    assert not torch.equal(painted(objective, 5), painted(objective, 5, seed=1))


def test_a_shared_network_runs_once_for_all_who_look(eye: Eye) -> None:
    runs = []

    class Counted(Eye):
        def forward(self, *arguments: object) -> dict[str, Tensor]:
            runs.append(arguments)
            return eye(*arguments)

    shared = SharedNetwork(Counted(), ("stride1", "stride4"))
    first = shared(disc(), ("stride1",), "reflect")
    picture = noise()
    for layers in (("stride1",), ("stride4",), ("stride1", "stride4")):
        found = shared(picture, layers, "reflect")
        assert tuple(found) == layers
        assert torch.equal(found[layers[0]], eye(picture, layers, "reflect")[layers[0]])
    assert not torch.equal(first["stride1"], shared(picture, ("stride1",), "reflect")["stride1"])
    assert len(runs) == 2
    shared(picture, ("stride1",), "circular")
    assert len(runs) == 3


def test_watchers_see_the_beginning_and_every_iteration() -> None:
    seen: list[tuple[int, float]] = []
    painting = Painting(SigmoidCanvas(noise()), towards(disc()), 5, 0.1)
    painting.run([lambda painting: seen.append((painting.iteration, painting.loss))])
    assert [iteration for iteration, _ in seen] == [0, 1, 2, 3, 4, 5]
    losses = [loss for _, loss in seen[1:]]
    assert losses == sorted(losses, reverse=True)
    assert painting.progress.completed == 1


def test_it_stops_when_it_should_and_keeps_the_picture() -> None:
    painting = Painting(SigmoidCanvas(noise()), towards(disc()), 1000, 0.1)
    painting.run(stop=lambda: painting.iteration == 3)
    assert painting.iteration == 3
    assert painting.pictures().shape == (1, SIDE_PIXELS, SIDE_PIXELS, 3)
    assert painting.pictures().dtype == np.uint8


def test_a_loss_that_is_no_number_is_told() -> None:
    painting = Painting(SigmoidCanvas(noise()), lambda pictures, _: pictures.sum() / 0, 5, 0.1)
    with pytest.raises(LichenError, match="lower learning rate"):
        painting.run()


def test_its_state_takes_another_to_the_same_place() -> None:
    def new_painting() -> Painting:
        return Painting(SigmoidCanvas(noise()), towards(disc()), 6, 0.1)

    half, whole, other = new_painting(), new_painting(), new_painting()
    half.run(stop=lambda: half.iteration == 3)
    whole.run()
    other.load_state_dict(half.state_dict())
    assert other.progress == half.progress
    assert np.array_equal(other.pictures(), half.pictures())
    assert not other.is_finished
    other.run()
    assert np.array_equal(other.pictures(), whole.pictures())
    assert other.loss == whole.loss and other.is_finished


def test_pauses_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now_seconds = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now_seconds)

    def passing(seconds: float) -> None:
        nonlocal now_seconds
        now_seconds += seconds

    def objective(pictures: Tensor, generator: torch.Generator) -> Tensor:
        passing(2.0)
        return pictures.square().mean()

    painting = Painting(SigmoidCanvas(noise()), objective, 4, 0.1)
    remaining_seconds: list[float] = []
    painting.run(
        [
            lambda painting: remaining_seconds.append(painting.progress.remaining_seconds),
            lambda painting: passing(1.0 if painting.iteration else 50.0),
        ],
        stop=lambda: bool(passing(100.0)),
    )
    assert painting.progress.elapsed_seconds == 4 * (2.0 + 1.0)
    assert remaining_seconds[1:] == [2.0 * 3, 5.0, 8.0 / 3, 0.0]
