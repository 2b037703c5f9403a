"""Weights as somebody writes them; free of torch."""

import math

from exporters.errors import LichenError


def add_weight(weights: dict[str, float], name: str, text: str) -> None:
    """Note the weight of a name, in place.

    Raises:
        LichenError: it is no number above zero, or the name has one already.
    """
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise LichenError(f"the weight {text!r} of {name} must be a number above zero.")
    if name in weights:
        raise LichenError(f"{name} is named twice; name it once, with one weight.")
    weights[name] = weight
