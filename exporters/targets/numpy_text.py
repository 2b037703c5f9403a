"""Pieces of Python that stand in exported programs and read-mes."""

from exporters.automaton import Display

# From `state` [channels, height, width] to `colour` [3, height, width].
COLOURS: dict[Display, str] = {
    "rgb+0.5": "colour = state[:3] + 0.5",
    "premultiplied rgba over white": "colour = 1 - state[3].clip(0, 1) + state[:3]",
    "grey": "colour = state[[0, 0, 0]] + 0.5",
}
