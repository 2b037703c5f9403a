"""What a picture is to become: each objective gives a scalar, the lower the better."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from training.losses.content import ContentLoss
from training.losses.style import StyleLoss
from training.losses.total_variation import total_variation
from training.networks.feature_network import FeatureNetwork

# Scores pictures [n, 3, h, w] in 0..1; random numbers come from the generator.
Objective = Callable[[Tensor, torch.Generator], Tensor]

# Before each look at a filter's picture it is moved, turned and scaled by at most so much.
LARGEST_SHIFT_PIXELS = 8
LARGEST_TURN_DEGREES = 8.0
LARGEST_SCALE = 1.1


def towards(aim: Tensor) -> Objective:
    """Every pixel towards those of a picture [1, 3, h, w]."""
    return lambda pictures, generator: functional.mse_loss(pictures, aim)


def like_style(style: StyleLoss, weight: float) -> Objective:
    """A style, so many times."""
    return lambda pictures, generator: weight * style(pictures, generator)


def like_content(content: ContentLoss, picture: Tensor, weight: float) -> Objective:
    """What a picture [1, 3, h, w] shows, so many times."""
    with torch.no_grad():
        aims = content.features(picture)
    return lambda pictures, generator: weight * content(content.features(pictures), aims)


def calm(weight: float) -> Objective:
    """Little total variation."""
    return lambda pictures, generator: weight * total_variation(pictures)


def exciting(network: FeatureNetwork, layer: str, filters: list[int]) -> Objective:
    """Each picture makes its own filter of a layer answer as strongly as may be.

    Seen moved, turned and scaled a little, so that it is no pattern of single pixels that only
    this network sees (Olah et al., "Feature Visualization", Distill, 2017).
    """
    places = torch.arange(len(filters))

    def score(pictures: Tensor, generator: torch.Generator) -> Tensor:
        answers = network(unsteady(pictures, generator), (layer,), "reflect")[layer]
        return -answers[places, filters].mean()

    return score


def all_of(objectives: list[Objective]) -> Objective:
    """Their sum."""
    return lambda pictures, generator: torch.stack(
        [objective(pictures, generator) for objective in objectives]
    ).sum()


def unsteady(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures as a trembling hand would hold them, all alike; mirrored at their edges."""
    height, width = pictures.shape[2:]
    draws = 2 * torch.rand(4, generator=generator) - 1
    angle = math.radians(LARGEST_TURN_DEGREES) * draws[0].item()
    scale = LARGEST_SCALE ** draws[1].item()
    shift_x, shift_y = (2 * LARGEST_SHIFT_PIXELS * draws[2:]).tolist()
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    view = pictures.new_tensor(
        [
            [cosine, -sine * height / width, shift_x / width],
            [sine * width / height, cosine, shift_y / height],
        ]
    )
    grid = functional.affine_grid(
        view.expand(len(pictures), 2, 3), list(pictures.shape), align_corners=False
    )
    return functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
