#version 330 core
// Finds the tiles of a grid that a step with alive masking can change, one texel a tile: those with
// life in them or within two cells of them, which is as far as step.frag and alive.frag reach.
//
// Uniforms:
//   before      RGBA32F texture: channels 0 to 3 of the state
//   tile_cells  int, the side of a tile
// Output:
//   is_near_life  1 or 0

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#include "alive.glsl"

const int REACH_CELLS = 2;

uniform sampler2D before;
uniform int tile_cells;

layout(location = 0) out float is_near_life;

void main() {
    ivec2 grid_cells = textureSize(before, 0);
    ivec2 corner = ivec2(gl_FragCoord.xy) * tile_cells - REACH_CELLS + REACH_CELLS * grid_cells;
    float alpha = 0.0;
    for (int row = 0; row < tile_cells + 2 * REACH_CELLS; row++) {
        for (int column = 0; column < tile_cells + 2 * REACH_CELLS; column++) {
            ivec2 cell = (corner + ivec2(column, row)) % grid_cells;
            alpha = max(alpha, texelFetch(before, cell, 0).a);
        }
    }
    is_near_life = alpha > ALIVE_THRESHOLD ? 1.0 : 0.0;
}
