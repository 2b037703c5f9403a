"""From an order to a painting that is ready to go, for the command and for the window alike."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from torch import Tensor

from training.exemplar import load_exemplar
from training.eye.network import Eye
from training.losses.choose import build_loss
from training.losses.content import ContentLoss
from training.losses.wish import NETWORK_LOSSES, LossWish
from training.networks.choose import choose_network
from training.networks.feature_network import PIXELS, FeatureNetwork
from training.networks.shared import SharedNetwork
from training.prepare import find_device
from training.stylize.canvas import Canvas, ClampedCanvas, SigmoidCanvas, grey_noise
from training.stylize.objectives import Objective, all_of, calm, like_content, like_style
from training.stylize.order import Bounds, StylizeOrder
from training.stylize.painting import Painting
from training.stylize.picture import load_fitted, load_scaled
from training.stylize.recipe import recipe_of

# What a picture does not depend on.
FREE_FIELDS = ("folder", "device")

# Takes a sentence for the user to read.
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Sources:
    """The files that are painted from; `start` is a picture to begin with, whatever is ordered."""

    content: Path
    style: Path
    start: Path | None = None


def prepare_painting(
    order: StylizeOrder, sources: Sources, tell: Tell, download: bool = False
) -> Painting:
    """Read the pictures, open the network and tell what judges.

    Raises:
        LichenError: a picture, the loss, the network, a layer or the device cannot be used.
    """
    wish = LossWish(order.loss, layers=order.style_layers)
    device = find_device(order.device)
    content = load_scaled(sources.content, order.size_pixels).to(device)
    style = load_exemplar(sources.style, order.style_size_pixels or order.size_pixels).to(device)
    canvas = bounded_canvas(_start(order, sources, content).to(device), order.bounds)
    network = open_network(order.network, order.weights, device, tell, download)
    objective = _objective(order, wish, network, content, style, tell)
    values = {field.name: getattr(order, field.name) for field in fields(order)}
    values |= {"content": sources.content, "style": sources.style}
    values |= {"start": sources.start or order.start}
    recipe = recipe_of({name: values[name] for name in values.keys() - FREE_FIELDS}, network)
    return Painting(
        canvas, objective, order.iterations, order.learning_rate, order.random_seed, recipe
    )


def open_network(
    name: str | None, weights: Path | None, device: torch.device, tell: Tell, download: bool
) -> FeatureNetwork:
    """The wished network; where none is wished and the eye has to do, that is told.

    Raises:
        LichenError: as `training.networks.choose.choose_network`.
    """
    network = choose_network(name, weights, download)
    if isinstance(network, Eye) and name is None:
        tell(
            "VGG16 is not on this machine, so Lichen's own eye looks; --download on the command "
            "line fetches the other (528 MB)."
        )
    if isinstance(network, torch.nn.Module):
        network.to(device)
    return network


def bounded_canvas(start: Tensor, bounds: Bounds) -> Canvas:
    """A canvas that begins as a picture [n, 3, h, w] in 0..1."""
    return SigmoidCanvas(start) if bounds == "sigmoid" else ClampedCanvas(start)


def _start(order: StylizeOrder, sources: Sources, content: Tensor) -> Tensor:
    """The picture [1, 3, h, w] to begin from, as large as the content."""
    height, width = content.shape[2:]
    if sources.start is not None:
        return load_fitted(sources.start, height, width)
    match order.start:
        case "content":
            return content
        case "style":
            return load_fitted(sources.style, height, width)
        case "noise":
            return grey_noise(height, width, torch.Generator().manual_seed(order.random_seed))


def _objective(
    order: StylizeOrder,
    wish: LossWish,
    network: FeatureNetwork,
    content: Tensor,
    style: Tensor,
    tell: Tell,
) -> Objective:
    content_wish = LossWish(layers=order.content_layers)
    content_layers = content_wish.layer_weights() or {network.style_layers[-1]: 1.0}
    style_layers = _style_layers(wish, network)
    shared = SharedNetwork(network, tuple(dict.fromkeys((*style_layers, *content_layers))))
    style_loss = build_loss(wish, style, shared, "reflect")
    tell(f"style: {style_loss.description}")
    objectives = [like_style(style_loss, order.style_weight)]
    if order.content_weight:
        judge = ContentLoss(shared, content, content_layers)
        tell(f"content: {judge.description}")
        objectives.append(like_content(judge, content, order.content_weight))
    if order.total_variation:
        objectives.append(calm(order.total_variation))
    return all_of(objectives)


def _style_layers(wish: LossWish, network: FeatureNetwork) -> list[str]:
    """The network's layers that the style is judged by, none where it looks at no network."""
    if wish.loss_weights().keys().isdisjoint(NETWORK_LOSSES):
        return []
    return [layer for layer in wish.layer_weights() or network.style_layers if layer != PIXELS]
