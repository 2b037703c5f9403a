"""What a painting may be at most; free of torch, like all that it imports."""

from exporters.errors import LichenError

SMALLEST_SIDE_PIXELS = 32
LARGEST_SIDE_PIXELS = 8192
MOST_ITERATIONS = 1_000_000
HIGHEST_LEARNING_RATE = 10
MEMORY_ADVICE = "choose a smaller size, or shallower layers"


def check_painting(
    size_pixels: int,
    iterations: int,
    learning_rate: float,
    total_variation: float,
    random_seed: int,
) -> None:
    """Raises LichenError for what no picture can be optimised with."""
    check_size("size", size_pixels)
    if not 1 <= iterations <= MOST_ITERATIONS:
        raise LichenError(
            f"a painting takes 1 to {MOST_ITERATIONS:,} iterations, not {iterations:,}."
        )
    if not 0 < learning_rate <= HIGHEST_LEARNING_RATE:
        raise LichenError(f"the learning rate must be above 0 and up to {HIGHEST_LEARNING_RATE}.")
    check_weight("total variation", total_variation)
    if not 0 <= random_seed < 2**32:
        raise LichenError(f"the random seed {random_seed} is outside 0 to 2^32 - 1.")


def check_size(name: str, pixels: int) -> None:
    """Raises LichenError for a side that networks see nothing of, or no memory holds."""
    if not SMALLEST_SIDE_PIXELS <= pixels <= LARGEST_SIDE_PIXELS:
        raise LichenError(
            f"the {name} must be {SMALLEST_SIDE_PIXELS} to {LARGEST_SIDE_PIXELS} pixels, "
            f"not {pixels:,}."
        )


def check_weight(name: str, weight: float) -> None:
    """Raises LichenError for a weight below zero or without end."""
    if not 0 <= weight < float("inf"):
        raise LichenError(f"the weight of {name} must be 0 or more, not {weight:g}.")
