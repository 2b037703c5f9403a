"""Which losses and layers somebody wishes for, read from a line of text; free of torch."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from exporters.errors import LichenError

NETWORK_LOSSES = ("ot", "gram")
LOSS_NAMES = (*NETWORK_LOSSES, "patch")
LOSS_TERM = re.compile(r"(?:(?P<factor>[^*=]+)\*)?(?P<name>\w+)(?:=(?P<weight>.+))?")


@dataclass(frozen=True)
class LossWish:
    """What is to judge a texture; what is left open is chosen from what the machine has.

    `loss` is as `ot`, `ot+0.5*patch` or `ot=1,patch=0.5`; `layers` as `relu1_1,relu2_1=0.5`.
    `network` names one for the losses that need it, `weights` a file for it, and `bfloat16` has
    it look in that precision.
    """

    loss: str | None = None
    network: str | None = None
    layers: str | None = None
    weights: Path | None = None
    download: bool = False
    bfloat16: bool = False

    def __post_init__(self) -> None:
        """Raises LichenError for a text that cannot be read."""
        self.loss_weights()
        self.layer_weights()

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
            _add(weights, match["name"], match["factor"] or match["weight"] or "1")
        return weights

    def layer_weights(self) -> dict[str, float]:
        """The weight of each layer by name; empty where the choice is left open."""
        weights: dict[str, float] = {}
        for term in _terms(self.layers, ","):
            name, _, weight = term.partition("=")
            if not name:
                raise LichenError("a layer has no name; list them as relu1_1,relu2_1=0.5.")
            _add(weights, name, weight or "1")
        return weights


def _terms(text: str | None, separators: str) -> list[str]:
    return [] if text is None else re.split(separators, "".join(text.split()))


def _add(weights: dict[str, float], name: str, text: str) -> None:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise LichenError(f"the weight {text!r} of {name} must be a number above zero.")
    if name in weights:
        raise LichenError(f"{name} is named twice; name it once, with one weight.")
    weights[name] = weight
