#version 330 core
// One step of an automaton: perceive, two layers, fire or not, clamp.
//
// Uniforms:
//   state[k]     RGBA32F textures, GL_REPEAT and GL_NEAREST: channels 4k to 4k + 3 of the old
//                state; texel (x, y) is the cell in column x and row y, row 0 the picture's top
//   step_index   uint, counts from 0
//   random_seed  uint, any value
// Outputs:
//   new_state[k] the same channels after the step
// The weights come from exporters/baker.py, which puts in their place:
//   TEXTURES          1 to 4, how many textures hold the state
//   FIRING_THRESHOLD  0 to 2^24, the update rate as an integer
//   CLAMP(value)      the automaton's clamp, or the value itself
//   update            the two layers: perceived vectors in, change of every channel out

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#weights

#include "pcg.glsl"

#include "state_format.glsl"

uniform sampler2D state[TEXTURES];
uniform uint step_index;
uniform uint random_seed;

layout(location = 0) out vec4 new_state[TEXTURES];

// Filters four channels at once: identity, sobel-x, sobel-y, laplacian.
void perceive(sampler2D channels, vec2 position,
              out vec4 centre, out vec4 sobel_x, out vec4 sobel_y, out vec4 laplacian) {
    vec4 top_left = textureLodOffset(channels, position, 0.0, ivec2(-1, -1));
    vec4 top = textureLodOffset(channels, position, 0.0, ivec2(0, -1));
    vec4 top_right = textureLodOffset(channels, position, 0.0, ivec2(1, -1));
    vec4 left = textureLodOffset(channels, position, 0.0, ivec2(-1, 0));
    vec4 right = textureLodOffset(channels, position, 0.0, ivec2(1, 0));
    vec4 bottom_left = textureLodOffset(channels, position, 0.0, ivec2(-1, 1));
    vec4 bottom = textureLodOffset(channels, position, 0.0, ivec2(0, 1));
    vec4 bottom_right = textureLodOffset(channels, position, 0.0, ivec2(1, 1));
    vec4 middle = textureLod(channels, position, 0.0);

    vec4 left_column = top_left + 2.0 * left + bottom_left;
    vec4 right_column = top_right + 2.0 * right + bottom_right;
    centre = decode(middle);
    sobel_x = decode_difference(right_column - left_column);
    sobel_y = decode_difference(
        bottom_left + 2.0 * bottom + bottom_right - top_left - 2.0 * top - top_right);
    laplacian = decode_difference(
        left_column + right_column + 2.0 * (top + bottom) - 12.0 * middle);
}

void main() {
    uvec2 cell = uvec2(gl_FragCoord.xy);
    vec2 position = gl_FragCoord.xy / vec2(textureSize(state[0], 0));

    // Samplers and outputs take constant indices only, hence no loop.
    vec4 p[4 * TEXTURES];
    perceive(state[0], position, p[0], p[1], p[2], p[3]);
#if TEXTURES > 1
    perceive(state[1], position, p[4], p[5], p[6], p[7]);
#endif
#if TEXTURES > 2
    perceive(state[2], position, p[8], p[9], p[10], p[11]);
#endif
#if TEXTURES > 3
    perceive(state[3], position, p[12], p[13], p[14], p[15]);
#endif

    vec4 change[TEXTURES];
    update(p, change);

    uint hash = cell_hash(cell, step_index, random_seed);
    bool fires = (hash >> 8u) < FIRING_THRESHOLD;
    new_state[0] = encode(CLAMP(fires ? p[0] + change[0] : p[0]), pcg(hash));
#if TEXTURES > 1
    new_state[1] = encode(CLAMP(fires ? p[4] + change[1] : p[4]), pcg(hash + 1u));
#endif
#if TEXTURES > 2
    new_state[2] = encode(CLAMP(fires ? p[8] + change[2] : p[8]), pcg(hash + 2u));
#endif
#if TEXTURES > 3
    new_state[3] = encode(CLAMP(fires ? p[12] + change[3] : p[12]), pcg(hash + 3u));
#endif
}
