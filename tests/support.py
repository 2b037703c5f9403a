"""Automata and states that tests share."""

import subprocess
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporters import reference
from exporters.automaton import Automaton
from exporters.content import CONTENT_CHANNELS
from exporters.seed import seed_state

# For names, authors and notes: whatever closes a comment, a string, an element or a line.
HOSTILE_TEXT = (
    '</script><script>hacked=1</script><!-- "\'` */ $title ${x} #include "x" {{}} & \\ \r\n'
    "\n#error hacked\n\ud800 \u2028 \x00 \u202e ../../hacked"
)


def random_automaton(
    channels: int,
    hidden: int,
    *,
    update_rate: float = 0.5,
    filter_scales: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    clamp: tuple[float, float] | None = None,
    alive_masking: bool = False,
    weight_seed: int = 0,
) -> Automaton:
    """Random weights, all biases included, small enough to keep states within [-2, 2]."""
    generator = np.random.default_rng(weight_seed)

    def draw(*shape: int, scale: float) -> NDArray[np.float32]:
        return generator.normal(scale=scale, size=shape).astype(np.float32)

    return Automaton(
        hidden_weight=draw(hidden, 4 * channels, scale=0.04 / channels**0.5),
        hidden_bias=draw(hidden, scale=0.1),
        update_weight=draw(channels, hidden, scale=0.1 / hidden**0.5),
        update_bias=draw(channels, scale=0.01),
        update_rate=update_rate,
        filter_scales=filter_scales,
        clamp=clamp,
        alive_masking=alive_masking,
        display="rgb+0.5" if channels >= 3 else "grey",
    )


def random_filter(own_channels: int, hidden: int, **changes: Any) -> Automaton:
    """The same, with a picture to look at that no weight changes."""
    automaton = random_automaton(own_channels + CONTENT_CHANNELS, hidden, **changes)
    update_weight, update_bias = automaton.update_weight.copy(), automaton.update_bias.copy()
    update_weight[own_channels:] = update_bias[own_channels:] = 0
    return replace(
        automaton,
        update_weight=update_weight,
        update_bias=update_bias,
        content_channels=CONTENT_CHANNELS,
    )


def still_automaton() -> Automaton:
    """One that does nothing; it looks grey."""
    moves = random_automaton(4, 1)
    return replace(moves, update_weight=0 * moves.update_weight, update_bias=0 * moves.update_bias)


def random_state(
    channels: int, height: int, width: int, random_seed: int = 0
) -> NDArray[np.float32]:
    """Noise in [-1, 1), without any symmetry that could hide a flip."""
    generator = np.random.default_rng(random_seed)
    return generator.uniform(-1, 1, (channels, height, width)).astype(np.float32)


def patchy_state(
    channels: int, height: int, width: int, random_seed: int = 0
) -> NDArray[np.float32]:
    """Noise in some cells and nothing in others; alpha lies about the threshold of life."""
    generator = np.random.default_rng(random_seed)
    state = random_state(channels, height, width, random_seed)
    state[3] = generator.uniform(0, 0.3, (height, width))
    lives = generator.uniform(size=(height, width)) < 0.15
    return np.where(lives, state, np.float32(0))


def relative_error(actual: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """The largest difference, relative to max(1, |expected|)."""
    return float((np.abs(actual - expected) / np.maximum(1, np.abs(expected))).max())


def shader_complaints(source: str, stage: str) -> str:
    """What the reference compiler says against a shader; nothing if it is valid.

    `stage` is "frag" or "vert". Drivers accept much that other drivers refuse.
    """
    command = ["glslangValidator", "--stdin", "-S", stage]
    result = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return result.stdout if result.returncode else ""


def statistics_error(
    automaton: Automaton, state: NDArray[np.float32], steps: int, random_seed: int = 0
) -> float:
    """How far the channels' means and deviations are from the reference's after so many steps.

    For old states, in which rounding has grown into another texture of the same kind.
    """
    channels, height, width = state.shape
    start = seed_state(automaton.seed, channels, height, width, random_seed)
    expected = reference.run(automaton, start, steps, random_seed)
    return max(
        float(np.abs(statistic(state, axis=(1, 2)) - statistic(expected, axis=(1, 2))).max())
        for statistic in (np.mean, np.std)
    )
