"""Guides a diffusion model by pictures: the structure of one, the texture of another.

At every step the picture that the model predicts is decoded, and the latents take a step down the
gradient of what it lacks (after fast.ai's "Practical Deep Learning for Coders", part 2, and
Dhariwal and Nichol, "Diffusion Models Beat GANs on Image Synthesis", 2021). The gradient does not
go through the denoising network, which would cost as much as training it.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from training.dream.schedule import Schedule
from training.networks.feature_network import FeatureNetwork

# Strength 1 shifts a prediction by this share of its noise in every step.
REACH = 0.1
# What the eye sees at these strides, without colours, is where things are.
STRUCTURE_LAYERS = ("stride4", "stride8")
LUMINANCE = (0.299, 0.587, 0.114)
SMALLEST_VARIANCE = 1e-8
# How unlike another picture some pictures [batch, 3, h, w] in 0..1 are, a scalar.
PictureLoss = Callable[[Tensor, torch.Generator], Tensor]


class StructureLoss:
    """Compares what a network sees where, of pictures without their colours."""

    def __init__(self, picture: Tensor, network: FeatureNetwork) -> None:
        """`picture` is [3, h, w] in 0..1, as large as those to come."""
        self._network = network
        with torch.no_grad():
            self._targets = self._see(picture[None])

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Squared differences over the target's variance, summed over layers."""
        seen = self._see(pictures)
        costs = [
            (seen[name] - target).square().mean() / target.var().clamp_min(SMALLEST_VARIANCE)
            for name, target in self._targets.items()
        ]
        return torch.stack(costs).sum()

    def _see(self, pictures: Tensor) -> dict[str, Tensor]:
        weights = pictures.new_tensor(LUMINANCE)[:, None, None]
        grey = (pictures * weights).sum(1, keepdim=True).expand_as(pictures)
        return self._network(grey, STRUCTURE_LAYERS, "reflect")


@dataclass(frozen=True)
class Term:
    """A loss and how firmly it guides, frame by frame."""

    loss: PictureLoss
    strength: Schedule


class PictureGuidance:
    """Changes a scheduler's steps while frames are made."""

    def __init__(self, terms: list[Term], vae: Any) -> None:
        self._terms = terms
        self._vae = vae

    @contextmanager
    def guiding(
        self, scheduler: Any, index: int, frame_count: int, random_seed: int
    ) -> Iterator[None]:
        """Guide all steps that the scheduler takes meanwhile, for that frame."""
        strengths = [max(0.0, term.strength.at(index, frame_count)) for term in self._terms]
        if not any(strengths):
            yield
            return
        generator = torch.Generator().manual_seed(random_seed)
        step = scheduler.step

        # Pipelines look which arguments a step takes.
        @functools.wraps(step)
        def guided_step(output: Tensor, timestep: Any, latents: Tensor, **others: Any) -> Any:
            shift = self._shift(scheduler, output, timestep, latents, strengths, generator)
            return step(output, timestep, latents - shift, **others)

        scheduler.step = guided_step
        try:
            yield
        finally:
            del scheduler.step

    def _shift(
        self,
        scheduler: Any,
        output: Tensor,
        timestep: Any,
        latents: Tensor,
        strengths: list[float],
        generator: torch.Generator,
    ) -> Tensor:
        """What the latents are to lose, so that the prediction comes nearer to the pictures."""
        signal, noise = signal_and_noise(scheduler, timestep)
        prediction = predict(scheduler, output, timestep, latents)
        slope = self._slope(prediction, strengths, generator)
        size = REACH * sum(strengths) * noise
        # Some schedulers let their latents grow with the noise instead of shrinking the signal.
        growth = latents.norm() / scheduler.scale_model_input(latents, timestep).norm()
        shift: Tensor = size * signal * growth * slope
        return shift.to(latents.dtype)

    def _slope(
        self, prediction: Tensor, strengths: list[float], generator: torch.Generator
    ) -> Tensor:
        """The direction in latents in which the losses rise, of mean square 1."""
        vae = self._vae
        with torch.enable_grad(), _wide_enough(vae):
            wanted = prediction.detach().to(vae.dtype).requires_grad_()
            decoded = vae.decode(wanted / vae.config.scaling_factor, return_dict=False)[0]
            pictures = (decoded.float() / 2 + 0.5).detach().clamp(0, 1).requires_grad_()
            # Each loss has a scale of its own, which the strengths shall not know.
            slopes = [
                strength * _unit(torch.autograd.grad(term.loss(pictures, generator), pictures)[0])
                for term, strength in zip(self._terms, strengths, strict=True)
                if strength
            ]
            total = torch.stack(slopes).sum(0).to(decoded.dtype)
            return _unit(torch.autograd.grad(decoded, wanted, total)[0].float())


def signal_and_noise(scheduler: Any, timestep: Any) -> tuple[float, float]:
    """How much of the clean latents and of noise there is at a time, of square sum 1."""
    shares = scheduler.alphas_cumprod
    share = float(shares[min(round(float(timestep)), len(shares) - 1)])
    # A schedule that ends in noise alone has no signal there to divide by.
    share = max(share, 1e-4)
    return share**0.5, (1 - share) ** 0.5


def predict(scheduler: Any, output: Tensor, timestep: Any, latents: Tensor) -> Tensor:
    """The clean latents that a network's output means, whatever the scheduler's own scale is."""
    signal, noise = signal_and_noise(scheduler, timestep)
    scaled: Tensor = scheduler.scale_model_input(latents, timestep).float()
    output = output.float()
    kind = scheduler.config.prediction_type
    if kind == "sample":
        return output
    if kind == "v_prediction":
        return signal * scaled - noise * output
    return (scaled - noise * output) / signal


@contextmanager
def _wide_enough(vae: Any) -> Iterator[None]:
    """Full precision for a decoder that overflows in half of it."""
    precision = vae.dtype
    if vae.config.get("force_upcast") and precision == torch.float16:
        vae.to(torch.float32)
    try:
        yield
    finally:
        vae.to(precision)


def _unit(slope: Tensor) -> Tensor:
    """Scaled to a mean square of 1; all zeros stay."""
    return slope / slope.square().mean().sqrt().clamp_min(1e-12)
