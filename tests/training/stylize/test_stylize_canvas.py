"""Canvases: begin as what they were given, stay in range, and learn."""

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from training.stylize.canvas import Canvas, ClampedCanvas, SigmoidCanvas, SpectrumCanvas, grey_noise
from training.stylize.objectives import towards
from training.stylize.painting import Painting


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def a_picture(height: int = 12, width: int = 16) -> Tensor:
    """Without symmetries, of values from 0 to 1."""
    return torch.rand((1, 3, height, width), generator=seeded(1))


@pytest.mark.parametrize("kind", [SigmoidCanvas, ClampedCanvas])
def test_a_canvas_begins_as_the_picture_that_it_was_given(
    kind: type[SigmoidCanvas | ClampedCanvas],
) -> None:
    assert_close(kind(a_picture()).pictures().detach(), a_picture(), atol=0.006, rtol=0)


@pytest.mark.parametrize(
    "canvas",
    [
        SigmoidCanvas(a_picture()),
        ClampedCanvas(a_picture()),
        SpectrumCanvas(1, 12, 16, seeded()),
    ],
)
def test_no_pixel_leaves_its_range_however_hard_it_is_pulled(canvas: Canvas) -> None:
    aim = torch.where(a_picture() > 0.5, 50.0, -50.0)
    Painting(canvas, towards(aim), iterations=30, learning_rate=1.0).run()
    pictures = canvas.pictures()
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert pictures.std() > 0.3


def test_clamped_parameters_come_back_into_range() -> None:
    canvas = ClampedCanvas(a_picture())
    Painting(canvas, towards(torch.full((1, 3, 12, 16), 9.0)), 30, 1.0).run()
    (pixels,) = canvas.parameters()
    assert pixels.max() <= 1


@pytest.mark.parametrize(("height", "width"), [(12, 16), (15, 9)])
def test_waves_make_pictures_of_any_size_that_are_neither_flat_nor_glaring(
    height: int, width: int
) -> None:
    pictures = SpectrumCanvas(4, height, width, seeded()).pictures()
    assert pictures.shape == (4, 3, height, width)
    assert 0.01 < pictures.std().item() < 0.25
    assert not torch.equal(pictures[0], pictures[1])


def test_waves_are_stronger_the_longer_they_are() -> None:
    picture = SpectrumCanvas(16, 32, 32, seeded()).pictures().detach()
    power = torch.fft.rfft2(picture.mean(1) - 0.5).abs().square().mean(0)
    assert power[0, 1:3].mean() > 10 * power[0, 12:16].mean()


def test_noise_is_faint_and_repeatable() -> None:
    noise = grey_noise(20, 30, seeded(5))
    assert torch.equal(noise, grey_noise(20, 30, seeded(5)))
    assert not torch.equal(noise, grey_noise(20, 30, seeded(6)))
    assert noise.mean().item() == pytest.approx(0.5, abs=0.02)
    assert 0.05 < noise.std().item() < 0.15
