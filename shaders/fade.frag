#version 330 core
// Takes part of every value away: what a living filter keeps of the picture that it showed before.
//
// Uniforms:
//   before[k]     RGBA32F textures: channels 4k to 4k + 3 of the old state
//   memory        float, the share that stays, 0 to 1
// Outputs:
//   new_state[k]  the same channels; those beyond the framebuffer's targets go nowhere

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#include "state_format.glsl"

// Bytes are rounded to the nearest one.
const uint HALVES = 0x80808080u;

uniform sampler2D before[4];
uniform float memory;

layout(location = 0) out vec4 new_state[4];

vec4 faded(sampler2D channels) {
    vec4 texel = texelFetch(channels, ivec2(gl_FragCoord.xy), 0);
    return encode(memory * decode(texel), HALVES);
}

void main() {
    new_state[0] = faded(before[0]);
    new_state[1] = faded(before[1]);
    new_state[2] = faded(before[2]);
    new_state[3] = faded(before[3]);
}
