"""How well a living filter shows its picture, and how it flickers.

    python -m viewer.filter_benchmark FILTER FOLDER

Recognisability: of all pictures in the folder, that one is named whose edges correlate best with
what the filter makes of one of them. Flicker: how far a byte of the settled picture moves in a
step. Change: how many steps it takes until the edges are the next picture's.
"""

import argparse
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exporters.content import fitted
from exporters.errors import LichenError
from exporters.gallery import find_entry
from exporters.picture_file import load_picture, pictures_in
from viewer.context import create_headless_context
from viewer.simulation import Simulation

SIDE_CELLS = 128
SETTLING_STEPS = 200
FLICKER_STEPS = 32
LONGEST_CHANGE_STEPS = 128
STEPS_AT_A_TIME = 4
# What is smaller than this belongs to the texture.
CELLS_AN_EDGE = 4
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)

Colours = NDArray[np.float32]


def edges(colours: Colours) -> NDArray[np.float64]:
    """Where a picture [h, w, 3] has edges, a vector of mean 0 and length 1."""
    grey = colours @ LUMINANCE
    height, width = (side // CELLS_AN_EDGE * CELLS_AN_EDGE for side in grey.shape)
    blocks = grey[:height, :width].reshape(height // CELLS_AN_EDGE, CELLS_AN_EDGE, -1)
    small = blocks.mean(1).reshape(height // CELLS_AN_EDGE, -1, CELLS_AN_EDGE).mean(2)
    strengths = np.hypot(*np.gradient(small)).ravel().astype(np.float64)
    strengths -= strengths.mean()
    unit: NDArray[np.float64] = strengths / max(float(np.linalg.norm(strengths)), 1e-12)
    return unit


class FilterBench:
    """One filter on one grid."""

    def __init__(self, name: str) -> None:
        """Raises LichenError where it is no filter."""
        entry = find_entry(name)
        if not entry.automaton.content_channels:
            raise LichenError(f"{name} shows no pictures; name a living filter.")
        self._simulation = Simulation(
            create_headless_context(), entry.automaton, SIDE_CELLS, SIDE_CELLS
        )

    def settle(self, picture: Colours) -> None:
        """Let it show a picture from the beginning."""
        self._simulation.restart()
        self._simulation.show(picture)
        self._simulation.step(SETTLING_STEPS)

    def likenesses(self, pictures: list[Colours]) -> NDArray[np.float64]:
        """How the edges of what it shows now correlate with those of each picture."""
        return np.stack([edges(picture) for picture in pictures]) @ edges(self._read())

    def flicker(self) -> float:
        """Root mean square change of a byte in one step."""
        shown = [self._read()]
        for _ in range(FLICKER_STEPS):
            self._simulation.step()
            shown.append(self._read())
        changes = [np.square(after - before).mean() for before, after in pairwise(shown)]
        return 255 * float(np.sqrt(np.mean(changes)))

    def change_steps(self, before: Colours, after: Colours) -> int:
        """Steps from one settled picture until it looks more like another."""
        self.settle(before)
        self._simulation.show(after)
        for step in range(STEPS_AT_A_TIME, LONGEST_CHANGE_STEPS + 1, STEPS_AT_A_TIME):
            self._simulation.step(STEPS_AT_A_TIME)
            old, new = self.likenesses([before, after])
            if new > old:
                return step
        return LONGEST_CHANGE_STEPS

    def _read(self) -> Colours:
        return self._simulation.read_picture().astype(np.float32) / np.float32(255)


def main(arguments: list[str]) -> int:
    """Print the figures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m viewer.filter_benchmark")
    parser.add_argument("filter")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        paths = pictures_in(options.folder) if options.folder.is_dir() else []
        if len(paths) < 2:
            raise LichenError(f"{options.folder} must be a folder of at least two pictures.")
        images = [Image.fromarray(load_picture(path)) for path in paths]
        print(_report(FilterBench(options.filter), [_square(image) for image in images]))
    except LichenError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _square(image: Image.Image) -> Colours:
    return fitted(image, SIDE_CELLS, SIDE_CELLS)


def _report(bench: FilterBench, pictures: list[Colours]) -> str:
    recognised, own, others, flickers = 0, [], [], []
    for index, picture in enumerate(pictures):
        bench.settle(picture)
        likenesses = bench.likenesses(pictures)
        recognised += int(likenesses.argmax()) == index
        own.append(likenesses[index])
        others.append(np.delete(likenesses, index).max())
        flickers.append(bench.flicker())
    changes = [bench.change_steps(before, after) for before, after in pairwise(pictures)]
    return (
        f"recognised {recognised} of {len(pictures)}: edges correlate {np.mean(own):.2f} with the "
        f"picture, {np.mean(others):.2f} with the likest other\n"
        f"flicker {np.mean(flickers):.1f} grey levels a step\n"
        f"another picture shows after {np.median(changes):.0f} steps (median; "
        f"slowest {max(changes)})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
