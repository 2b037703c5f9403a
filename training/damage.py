"""Wounds for states in training, so that automata learn to heal."""

import math

import torch
from torch import Tensor

MOST_HEAVY_WOUNDS = 3


def draw_wound(side: int, generator: torch.Generator) -> Tensor:
    """A disc on the torus, bool [side, side]; its radius is an eighth to a half of the side.

    After Mordvintsev et al., "Growing Neural Cellular Automata" (Distill 2020).
    """
    radius = side * (1 / 8 + 3 / 8 * _draw(generator))
    rows, columns = _offsets(side, _draw(generator) * side, _draw(generator) * side)
    return rows**2 + columns**2 <= radius**2


def draw_heavy_wounds(side: int, generator: torch.Generator) -> Tensor:
    """One to three discs, swipes and cuts at once, bool [side, side].

    A swipe is as from an eraser drawn across the middle; a cut takes all on one side of a line.
    """
    kinds = (draw_wound, _draw_swipe, _draw_cut)
    wound = torch.zeros(side, side, dtype=torch.bool)
    for _ in range(1 + int(_draw(generator) * MOST_HEAVY_WOUNDS)):
        wound |= kinds[int(_draw(generator) * len(kinds))](side, generator)
    return wound


def _draw_swipe(side: int, generator: torch.Generator) -> Tensor:
    """A stripe through the grid, a sixteenth to a fifth of its side wide."""
    half_width = side * (1 / 32 + 1 / 14 * _draw(generator))
    return _distances_to_line(side, generator).abs() <= half_width


def _draw_cut(side: int, generator: torch.Generator) -> Tensor:
    return _distances_to_line(side, generator) > 0


def _distances_to_line(side: int, generator: torch.Generator) -> Tensor:
    """Signed distances [side, side] to a line of any direction near the middle of the grid."""
    middle_row, middle_column = (side * (3 / 8 + _draw(generator) / 4) for _ in range(2))
    rows, columns = _offsets(side, middle_row, middle_column)
    angle = 2 * math.pi * _draw(generator)
    return rows * math.cos(angle) + columns * math.sin(angle)


def _offsets(side: int, row: float, column: float) -> tuple[Tensor, Tensor]:
    """From a point to every cell, the short way around the torus: [side, 1] and [1, side]."""
    rows, columns = (
        (torch.arange(side) - place + side / 2) % side - side / 2 for place in (row, column)
    )
    return rows[:, None], columns[None, :]


def _draw(generator: torch.Generator) -> float:
    return float(torch.rand((), generator=generator))
