"""Pictures that must stay as they are.

LICHEN_UPDATE_GOLDEN=1 pytest tests/viewer/test_golden.py writes them anew; look at them then.
They come from llvmpipe. Another renderer may round otherwise, which a long run amplifies, so there
only their statistics are compared.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from exporters.automaton import Automaton
from exporters.seed import Seed
from support import random_automaton, random_state
from viewer.camera import Camera
from viewer.context import renderer_name
from viewer.painting import Colour, Erase, Stamp, Stroke
from viewer.screen import Screen
from viewer.simulation import Simulation

FOLDER = Path(__file__).parents[1] / "golden"
UPDATE = "LICHEN_UPDATE_GOLDEN" in os.environ
LARGEST_DIFFERENCE = 1
LARGEST_STATISTICAL_DIFFERENCE = 6.0
VIEW = (160, 112)

Picture = NDArray[np.uint8]


def lively_automaton() -> Automaton:
    """Random weights strong enough to form a pattern, held by a clamp."""
    calm = random_automaton(8, 24, clamp=(-1.0, 1.0), weight_seed=4)
    return replace(
        calm,
        hidden_weight=calm.hidden_weight * 4,
        update_weight=calm.update_weight * 6,
        seed=Seed("uniform", -0.5, 0.5),
        erase_value=-0.25,
    )


def grow(context: moderngl.Context, steps: int) -> Simulation:
    simulation = Simulation(context, lively_automaton(), 40, 28, random_seed=11)
    simulation.step(steps)
    return simulation


def paint(context: moderngl.Context) -> Simulation:
    simulation = grow(context, 24)
    simulation.paint(Stroke((30, 20), (46, 33), 3), Colour(1, 0.8, 0.1))
    simulation.paint(Stroke((8, 8), (8, 8), 5.5), Erase())
    simulation.paint(Stroke((20, 14), (28, 4), 4), Stamp(random_state(4, 3, 5)))
    simulation.step(1)
    return simulation


def show(context: moderngl.Context, camera: Camera, smooth: bool, tiled: bool) -> Picture:
    target = context.framebuffer([context.texture(VIEW, 4)])
    Screen(context, target).draw(paint(context), camera, VIEW, smooth, tiled)
    rows = np.frombuffer(target.read(components=3), np.uint8).reshape(VIEW[1], VIEW[0], 3)
    return rows[::-1]


PICTURES: dict[str, Callable[[moderngl.Context], Picture]] = {
    "seed": lambda context: grow(context, 0).read_picture(),
    "grown": lambda context: grow(context, 48).read_picture(),
    "painted": lambda context: paint(context).read_picture(),
    "screen_crisp": lambda context: show(context, Camera(20, 14, 3.0), False, False),
    "screen_smooth_tiled": lambda context: show(context, Camera(36, 25, 5.3), True, True),
    "screen_zoomed_out": lambda context: show(context, Camera(20, 14, 0.4), False, True),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_as_it_was(context: moderngl.Context, name: str, tmp_path: Path) -> None:
    actual = PICTURES[name](context)
    path = FOLDER / f"{name}.png"
    if UPDATE:
        Image.fromarray(actual).save(path)
    with Image.open(path) as image:
        golden = np.asarray(image.convert("RGB"))
    assert actual.shape == golden.shape
    difference = np.abs(actual.astype(int) - golden)
    if "llvmpipe" in renderer_name(context):
        is_same = difference.max() <= LARGEST_DIFFERENCE
    else:
        is_same = statistical_difference(actual, golden) <= LARGEST_STATISTICAL_DIFFERENCE
    if not is_same:
        amplified = np.minimum(difference * 8, 255).astype(np.uint8)
        Image.fromarray(np.hstack([golden, actual, amplified])).save(tmp_path / "difference.png")
        pytest.fail(f"{name}: golden, actual and difference are in {tmp_path / 'difference.png'}")


def statistical_difference(actual: Picture, golden: Picture) -> float:
    """How far apart the colours' means and spreads are, in levels."""
    pairs = zip(statistics(actual), statistics(golden), strict=True)
    return max(float(np.abs(one - other).max()) for one, other in pairs)


def statistics(picture: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return picture.mean(axis=(0, 1)), picture.std(axis=(0, 1))


def test_statistics_tell_pictures_apart(context: moderngl.Context) -> None:
    grown, other_life = grow(context, 48), grow(context, 0)
    other_life.restart(99)
    other_life.step(48)
    alike = statistical_difference(grown.read_picture(), other_life.read_picture())
    seed = grow(context, 0).read_picture()
    assert (
        alike <= LARGEST_STATISTICAL_DIFFERENCE < statistical_difference(seed, grown.read_picture())
    )
