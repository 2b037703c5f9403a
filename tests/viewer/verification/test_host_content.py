"""The picture that filters see in other programs: which part of it, and how it may change."""

from pathlib import Path

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from exporters.export import export
from exporters.shader_source import shader_source
from exporters.targets.registry import TARGETS
from exporters.targets.target import ExportOptions
from support import random_filter
from viewer.verification import shadertoy
from viewer.verification.buffers import Buffer, read_tiles

Picture = NDArray[np.float32]

GRID = (24, 16)
FILTER = random_filter(4, 6)
OWN = slice(0, 4)
CONTENT = slice(4, 7)
# A host that has nothing but a picture, and shows what a filter would see of it.
HOST = """#version 330 core
uniform sampler2D picture;
uniform vec2 size;
uniform vec2 grid;
const float STRENGTH = 0.5;
layout(location = 0) out vec4 pixel;
vec2 picture_pixels() { return size; }
vec3 picture_at(vec2 position) { return texture(picture, position).rgb; }
"""
MAIN = """
void main() { pixel = vec4(content(floor(gl_FragCoord.xy)), 1.0); }
"""


def noise(width: int, height: int) -> Picture:
    values = np.random.default_rng(0).integers(0, 256, (height, width, 3))
    return (values / 255).astype(np.float32)


def upload(context: moderngl.Context, picture: Picture) -> moderngl.Texture:
    texels = np.ascontiguousarray(picture[::-1])
    texture = context.texture((picture.shape[1], picture.shape[0]), 3, texels, dtype="f4")
    texture.repeat_x = texture.repeat_y = False
    return texture


def seen(context: moderngl.Context, picture: Picture) -> Picture:
    """The colours that it finds for each cell, [height, width, 3]."""
    texture, buffer = upload(context, picture), Buffer(context, GRID)
    source = HOST + shader_source("hosts/content.glsl") + MAIN
    buffer.draw(source, {"picture": texture}, {"size": texture.size, "grid": GRID})
    return buffer.read()[..., :3] / 0.5 + 0.5


@pytest.mark.parametrize("pixels_a_cell", [1, 2, 3, 4])
def test_cells_take_the_mean_of_what_is_under_them(
    context: moderngl.Context, pixels_a_cell: int
) -> None:
    width, height = (pixels_a_cell * cells for cells in GRID)
    picture = noise(width, height)
    means = picture.reshape(GRID[1], pixels_a_cell, GRID[0], pixels_a_cell, 3).mean((1, 3))
    np.testing.assert_allclose(seen(context, picture), means, atol=1e-5)


@pytest.mark.parametrize("size", [(153, 60), (51, 120)], ids=["wide", "high"])
def test_the_middle_of_a_picture_covers_the_grid(
    context: moderngl.Context, size: tuple[int, int]
) -> None:
    across, down = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    picture = np.stack([across, down, across * down], axis=-1).astype(np.float32)
    image = Image.fromarray((255 * picture).round().astype(np.uint8))
    expected = np.asarray(ImageOps.fit(image, GRID, Image.Resampling.BOX)) / 255
    np.testing.assert_allclose(seen(context, picture), expected, atol=0.02)


def test_a_small_picture_is_blended(context: moderngl.Context) -> None:
    picture = np.zeros((2, 3, 3), np.float32)
    picture[:, 2] = 1
    row = seen(context, picture)[0, :, 0]
    np.testing.assert_allclose(row[[0, 12, 16, 20, 23]], [0, 0.0625, 0.5625, 1, 1], atol=1e-4)


def test_what_is_brighter_than_white_is_white(context: moderngl.Context) -> None:
    bright = np.full((16, 24, 3), 7, np.float32)
    assert (seen(context, bright) == 1).all()
    assert (seen(context, -bright) == 0).all()


def test_films_go_on_and_cannot_be_erased(tmp_path: Path, context: moderngl.Context) -> None:
    path = tmp_path / "filter"
    export([FILTER], TARGETS["shadertoy"], path, ExportOptions(GRID))
    size = shadertoy.HOST.buffer_texels(FILTER, GRID)
    film = upload(context, noise(*GRID))
    player = shadertoy.Player(context, path / shadertoy.JSON_FILE, size, film)
    for level in (0.25, 0.75):
        player.draw()
        film.write(np.full((GRID[1], GRID[0], 3), level, np.float32))
        player.draw(mouse=(12, 24, 12, 24))
        state = read_tiles(player.read("Buffer A"), FILTER, shadertoy.HOST, GRID)
        np.testing.assert_allclose(state[CONTENT], level - 0.5, atol=1e-6)
        assert (state[OWN, 4, 6] == 0).all()
