"""Which losses and layers somebody wishes for, read from a line of text; free of torch."""

import re
from dataclasses import dataclass
from pathlib import Path

from exporters.errors import LichenError
from training.losses.prompt_wish import PromptWish
from training.losses.weight_text import add_weight

NETWORK_LOSSES = ("ot", "gram")
# These compare with a picture, the last with a prompt.
PICTURE_LOSSES = (*NETWORK_LOSSES, "patch")
PROMPT_LOSS = "clip"
LOSS_NAMES = (*PICTURE_LOSSES, PROMPT_LOSS)
LOSS_TERM = re.compile(r"(?:(?P<factor>[^*=]+)\*)?(?P<name>\w+)(?:=(?P<weight>.+))?")


@dataclass(frozen=True)
class LossWish:
    """What is to judge a texture; what is left open is chosen from what the machine has.

    `loss` is as `ot`, `ot+0.5*patch` or `ot=1,patch=0.5`; `layers` as `relu1_1,relu2_1=0.5`.
    `network` names one for the losses that need it, `weights` a file for it, and `bfloat16` has
    it look in that precision. A `prompt` judges as the loss `clip`.
    """

    loss: str | None = None
    network: str | None = None
    layers: str | None = None
    weights: Path | None = None
    download: bool = False
    bfloat16: bool = False
    prompt: PromptWish = PromptWish()

    def __post_init__(self) -> None:
        """Raises LichenError for a text that cannot be read, or a prompt that would not count."""
        weights = self.loss_weights()
        self.layer_weights()
        if PROMPT_LOSS in weights and not self.prompt.texts:
            raise LichenError("the loss clip judges by a prompt, and there is none.")
        if weights and PROMPT_LOSS not in weights and self.prompt.texts:
            raise LichenError(
                f"the loss {self.loss} leaves the prompt out; add it, as {self.loss}+{PROMPT_LOSS}."
            )

    @property
    def is_prompt_alone(self) -> bool:
        """Whether a prompt is all that judges."""
        return self.loss_weights().keys() == {PROMPT_LOSS}

    @property
    def looks_through_a_network(self) -> bool:
        """Whether what judges could do so in bfloat16."""
        weights = self.loss_weights()
        return not weights or bool(weights.keys() & {*NETWORK_LOSSES, PROMPT_LOSS})

    def loss_weights(self) -> dict[str, float]:
        """The weight of each loss by name; empty where the choice is left open."""
        weights: dict[str, float] = {}
        for term in _terms(self.loss, "[+,]"):
            match = LOSS_TERM.fullmatch(term)
            if match is None or match["name"] not in LOSS_NAMES:
                raise LichenError(
                    f"there is no loss {term!r}; use {', '.join(LOSS_NAMES)}, "
                    "or a sum as ot+0.5*patch."
                )
            add_weight(weights, match["name"], match["factor"] or match["weight"] or "1")
        return weights

    def layer_weights(self) -> dict[str, float]:
        """The weight of each layer by name; empty where the choice is left open."""
        weights: dict[str, float] = {}
        for term in _terms(self.layers, ","):
            name, _, weight = term.partition("=")
            if not name:
                raise LichenError("a layer has no name; list them as relu1_1,relu2_1=0.5.")
            add_weight(weights, name, weight or "1")
        return weights


def _terms(text: str | None, separators: str) -> list[str]:
    return [] if text is None else re.split(separators, "".join(text.split()))
