"""The hash in GLSL, held to the same vectors as in numpy."""

import moderngl
import numpy as np
import pytest

from exporters.shader_source import shader_source
from exporters.update_mask import cell_hash
from viewer.programs import draw, programs_of

RENDER_HASH = """#version 330 core
%s
uniform uint step_index;
uniform uint random_seed;
layout(location = 0) out uint hashed;
void main() { hashed = cell_hash(uvec2(gl_FragCoord.xy), step_index, random_seed); }
"""
SIDE_CELLS = 256


def render_hash(context: moderngl.Context, step: int, random_seed: int) -> np.ndarray:
    target = context.framebuffer([context.texture((SIDE_CELLS, SIDE_CELLS), 1, dtype="u4")])
    target.use()
    program = programs_of(context).fullscreen(RENDER_HASH % shader_source("pcg.glsl"))
    draw(program, step_index=step, random_seed=random_seed)
    data = target.read(components=1, dtype="u4")
    return np.frombuffer(data, np.uint32).reshape(SIDE_CELLS, SIDE_CELLS)


@pytest.mark.parametrize(
    ("x", "y", "step", "random_seed", "expected"),
    [
        (0, 0, 0, 0, 2368882721),
        (1, 0, 0, 0, 2862076663),
        (0, 1, 0, 0, 537453139),
        (5, 3, 7, 42, 3506633706),
        (255, 255, 100000, 4294967295, 243734762),
    ],
)
def test_hash_vectors(
    context: moderngl.Context, x: int, y: int, step: int, random_seed: int, expected: int
) -> None:
    assert render_hash(context, step, random_seed)[y, x] == expected


def test_every_cell_hashes_as_in_numpy(context: moderngl.Context) -> None:
    np.testing.assert_array_equal(
        render_hash(context, 2**31 + 3, 99), cell_hash(SIDE_CELLS, SIDE_CELLS, 2**31 + 3, 99)
    )
