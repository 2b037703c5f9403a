"""The precision benchmark compares what it says it does."""

from training.benchmarks.precision import measure


def test_bfloat16_keeps_the_gradients_direction() -> None:
    figures = measure(range(1))
    # Alike, but not the same: the network did look in another precision.
    assert 0.999 <= figures.gradient_cosine < 0.999999
    assert figures.low_loss_milliseconds > 0
