#version 330 core
// Fills the grid with what the automaton begins from.
//
// Uniforms:
//   random_seed   uint, any value
//   grid_cells    ivec2, width and height
// Outputs:
//   new_state[k]  channels 4k to 4k + 3 of the state before step 0

#ifdef GL_ES
precision highp float;
precision highp int;
#endif

#constants

#include "pcg.glsl"

uniform uint random_seed;
uniform ivec2 grid_cells;

layout(location = 0) out vec4 new_state[TEXTURES];

// Keeps the seeding noise apart from the update masks, which hash the same coordinates.
const uint SEED_SALT = 0x5eed5eedu;

float seeded(uint channel) {
    uvec2 cell = uvec2(gl_FragCoord.xy);
    if (channel >= CHANNELS) return 0.0;
#if SEED_KIND == 1
    uint noise = cell_hash(cell, channel, random_seed ^ SEED_SALT) >> 8u;
    return SEED_LOW + (SEED_HIGH - SEED_LOW) * (float(noise) / 16777216.0);
#elif SEED_KIND == 2
    bool is_alone = cell == uvec2(grid_cells / 2);
    return is_alone && channel >= min(3u, CHANNELS - 1u) ? 1.0 : 0.0;
#else
    return 0.0;
#endif
}

vec4 seeded_four(uint first) {
    return vec4(seeded(first), seeded(first + 1u), seeded(first + 2u), seeded(first + 3u));
}

void main() {
    new_state[0] = seeded_four(0u);
#if TEXTURES > 1
    new_state[1] = seeded_four(4u);
#endif
#if TEXTURES > 2
    new_state[2] = seeded_four(8u);
#endif
#if TEXTURES > 3
    new_state[3] = seeded_four(12u);
#endif
}
