"""How well pictures fit a prompt, by CLIP.

Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (ICML 2021).
CLIP looks at random cutouts, so that no single view of it can be fooled alone, and the angle to
the prompt is what counts, both as in Crowson et al., "VQGAN-CLIP" (ECCV 2022).
"""

import torch
from torch import Tensor
from torch.nn import functional

from training.losses.prompt_wish import PromptWish
from training.networks.clip import Clip

# A cutout's side, as a share of the picture's shorter one.
SMALLEST_SHARE = 0.4


class ClipLoss:
    """The squared angle between pictures and prompts, averaged by the prompts' weights.

    A negative prompt pulls towards what is opposite to it.
    """

    def __init__(self, clip: Clip, wish: PromptWish) -> None:
        """Encode the prompts, once. Raises LichenError for one that is too long to be read."""
        weights, negative_weights = wish.weights(), wish.negative_weights()
        self.description = f"{_listed(weights)} to {clip.description}"
        if negative_weights:
            self.description += f", and not {_listed(negative_weights)}"
        self._clip = clip
        self._cutouts = wish.cutouts
        directions = clip.encode_texts([*weights, *negative_weights])
        signs = [1.0] * len(weights) + [-1.0] * len(negative_weights)
        shares = directions.new_tensor([*weights.values(), *negative_weights.values()])
        self._aims = directions * directions.new_tensor(signs)[:, None]
        self._shares = shares / shares.sum()

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Mean over cutouts of pictures [batch, 3, h, w] in 0..1, which are tori."""
        cutouts = draw_cutouts(pictures, self._cutouts, self._clip.side_pixels, generator)
        seen = self._clip.encode_pictures(cutouts)
        return (squared_angles(seen, self._aims) @ self._shares).mean()


def draw_cutouts(
    pictures: Tensor, count: int, side_pixels: int, generator: torch.Generator
) -> Tensor:
    """Squares from anywhere on tori [batch, 3, h, w], scaled: [count * batch, 3, side, side]."""
    height, width = pictures.shape[2:]
    shorter = min(height, width)
    cutouts: list[Tensor] = []
    for _ in range(count):
        shares = torch.rand(3, generator=generator).tolist()
        side = round(shorter * (SMALLEST_SHARE + (1 - SMALLEST_SHARE) * shares[0]))
        corner = int(height * shares[1]), int(width * shares[2])
        square = pictures.roll(corner, (2, 3))[..., :side, :side]
        cutouts.append(functional.interpolate(square, side_pixels, mode="bilinear", antialias=True))
    return torch.cat(cutouts)


def squared_angles(directions: Tensor, aims: Tensor) -> Tensor:
    """Half the squared angles between unit vectors [n, f] and [m, f]: [n, m].

    From the chord, since the arc cosine's gradient is infinite where two directions are one.
    """
    chords = torch.cdist(directions, aims, compute_mode="donot_use_mm_for_euclid_dist")
    return 2 * (chords / 2).clamp(max=1 - 1e-6).arcsin().square()


def _listed(weights: dict[str, float]) -> str:
    return ", ".join(
        f"'{text}'" if weight == 1 else f"'{text}' x {weight:g}" for text, weight in weights.items()
    )
