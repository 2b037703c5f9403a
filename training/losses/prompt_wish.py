"""Prompts that an automaton is trained towards, and what reads them; free of torch."""

from dataclasses import dataclass

from exporters.errors import LichenError
from training.dream.journey import check_prompt
from training.losses.weight_text import add_weight

MOST_CUTOUTS = 256


@dataclass(frozen=True)
class PromptWish:
    """What pictures are to look like and what not, in words, each with its weight.

    Of `texts` and `negative_texts` one is as `glowing scales` or, after its last equals sign, with
    a weight as `glowing scales=2`. `model` is a folder with a CLIP model or a name on the hub, None
    the usual one. It looks at `cutouts` squares of each picture.
    """

    texts: tuple[str, ...] = ()
    negative_texts: tuple[str, ...] = ()
    model: str | None = None
    cutouts: int = 8

    def __post_init__(self) -> None:
        """Raises LichenError for what no model could follow."""
        self.weights()
        self.negative_weights()
        is_about_prompts = self.negative_texts or self.model is not None
        if (is_about_prompts or self.cutouts != PromptWish.cutouts) and not self.texts:
            raise LichenError("there is no prompt; give one with --prompt.")
        if not 1 <= self.cutouts <= MOST_CUTOUTS:
            raise LichenError(f"--cutouts must be from 1 to {MOST_CUTOUTS}, not {self.cutouts}.")

    def weights(self) -> dict[str, float]:
        """The weight of each text to come near to."""
        return _weights(self.texts)

    def negative_weights(self) -> dict[str, float]:
        """The weight of each text to keep away from."""
        return _weights(self.negative_texts)


def _weights(prompts: tuple[str, ...]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for prompt in prompts:
        check_prompt(prompt)
        text, equals, weight = prompt.rpartition("=")
        text = (text if equals else prompt).strip()
        if not text:
            raise LichenError("a prompt is empty; say what it is to look like.")
        add_weight(weights, text, weight if equals else "1")
    return weights
