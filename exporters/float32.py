"""Numbers that every backend can hold."""

from collections.abc import Iterable

LARGEST_FLOAT32 = (2 - 2**-23) * 2.0**127


def all_fit_float32(values: Iterable[float]) -> bool:
    """Whether all values are finite and stay so as float32."""
    return all(abs(value) <= LARGEST_FLOAT32 for value in values)
