"""What options of several commands are read with."""

import argparse

from viewer.settings import LARGEST_STEPS_PER_SECOND
from viewer.simulation import LARGEST_GRID_CELLS

LARGEST_SEED = 2**32 - 1


def parse_grid(text: str) -> tuple[int, int]:
    """Read WxH. Raises ArgumentTypeError."""
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal():
        grid = int(width), int(height)
        if all(1 <= side <= LARGEST_GRID_CELLS for side in grid):
            return grid
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a grid size; write WxH with sides of 1 to {LARGEST_GRID_CELLS}"
    )


def parse_seed(text: str) -> int:
    """Read a random seed. Raises ArgumentTypeError."""
    if text.isdecimal() and int(text) <= LARGEST_SEED:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {LARGEST_SEED}")


def parse_speed(text: str) -> float:
    """Read steps per second. Raises ArgumentTypeError."""
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if 0 < speed <= LARGEST_STEPS_PER_SECOND:
        return speed
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a speed above 0 and up to {LARGEST_STEPS_PER_SECOND:.0f}"
    )


def parse_count(text: str) -> int:
    """Read a number of frames or steps. Raises ArgumentTypeError."""
    if text.isdecimal() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")


def parse_steps(text: str) -> int:
    """Read a number of steps, which may be 0. Raises ArgumentTypeError."""
    if text.isdecimal():
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")


def parse_share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write a number from 0 to 1")
    return share
