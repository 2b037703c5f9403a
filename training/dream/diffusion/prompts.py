"""Prompts as a model reads them: encoded once, and mixed on the way from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from training.dream.dreamer import Tell

# Journeys come back to their prompts; one takes a few hundred kilobytes.
MOST_KEPT = 64
# Nearly parallel vectors have no direction between them that could be told from a line.
SMALLEST_SINE = 1e-4


@dataclass(frozen=True)
class Embedding:
    """A prompt's tokens [1, tokens, features]; XL models sum it up as well, [1, features]."""

    tokens: Tensor
    summary: Tensor | None


class Prompts:
    """Encodes prompts with a pipeline's text encoders."""

    def __init__(self, pipeline: Any, tell: Tell) -> None:
        self._pipeline = pipeline
        self._tell = tell
        self.encode = lru_cache(MOST_KEPT)(self._encode)

    def mix(self, prompts: Sequence[tuple[str, float]]) -> Embedding:
        """Prompts with their weights, which are not all 0, on the sphere between them."""
        # In one order, so that a mixture of three does not jump when they trade places.
        (first, total), *others = sorted(prompts)
        mixed = self.encode(first)
        for prompt, weight in others:
            total += weight
            mixed = _between(mixed, self.encode(prompt), weight / total if total else 0.0)
        return mixed

    def encode_negative(self, prompt: str) -> Embedding:
        """What to keep away from; some models want nothing at all for an empty prompt."""
        embedding = self.encode(prompt)
        if prompt or not self._pipeline.config.get("force_zeros_for_empty_prompt"):
            return embedding
        summary = embedding.summary
        return Embedding(
            torch.zeros_like(embedding.tokens),
            None if summary is None else torch.zeros_like(summary),
        )

    def _encode(self, prompt: str) -> Embedding:
        self._warn_of_length(prompt)
        with torch.no_grad():
            tokens, _, *summaries = self._pipeline.encode_prompt(
                prompt,
                device=self._pipeline.device,
                num_images_per_prompt=1,
                do_classifier_free_guidance=False,
            )
        return Embedding(tokens, summaries[0] if summaries else None)

    def _warn_of_length(self, prompt: str) -> None:
        # XL's refiner has the second one alone.
        tokenizer = self._pipeline.tokenizer or self._pipeline.tokenizer_2
        most = tokenizer.model_max_length
        count = len(tokenizer(prompt).input_ids)
        if count > most:
            self._tell(
                f"the model reads {most} tokens of a prompt and leaves the rest out; "
                f"'{prompt[:40]}...' has {count}."
            )


def slerp(one: Tensor, other: Tensor, share: float) -> Tensor:
    """Vectors along the last axis turned from one to the other, their lengths mixed evenly.

    Shoemake, "Animating Rotation with Quaternion Curves" (1985).
    """
    lengths = [vectors.norm(dim=-1, keepdim=True) for vectors in (one.float(), other.float())]
    directions = [
        vectors.float() / length.clamp_min(1e-12)
        for vectors, length in zip((one, other), lengths, strict=True)
    ]
    angle = (directions[0] * directions[1]).sum(-1, keepdim=True).clamp(-1, 1).acos()
    sine = angle.sin()
    turned = (
        ((1 - share) * angle).sin() * directions[0] + (share * angle).sin() * directions[1]
    ) / sine.clamp_min(SMALLEST_SINE)
    straight = torch.lerp(one.float(), other.float(), share)
    length = torch.lerp(lengths[0], lengths[1], share)
    return torch.where(sine > SMALLEST_SINE, turned * length, straight).to(one.dtype)


def _between(one: Embedding, other: Embedding, share: float) -> Embedding:
    summaries = one.summary, other.summary
    summary = None
    if summaries[0] is not None and summaries[1] is not None:
        summary = slerp(summaries[0], summaries[1], share)
    return Embedding(slerp(one.tokens, other.tokens, share), summary)
