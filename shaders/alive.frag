#version 330 core
// The second pass of a step with alive masking: cells are wiped out unless they or a neighbour
// were opaque before the step and they or a neighbour are opaque after it. step.frag comes first.
//
// Uniforms:
//   before       RGBA32F texture, GL_REPEAT and GL_NEAREST: channels 0 to 3 before the step
//   after[k]     the same kind: channels 4k to 4k + 3 as step.frag left them; where there are
//                fewer than 16 channels, any texture may fill the rest
// Outputs:
//   new_state[k] channels 4k to 4k + 3; those beyond the framebuffer's targets go nowhere

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#include "alive.glsl"

#include "state_format.glsl"

uniform sampler2D before;
uniform sampler2D after[4];

layout(location = 0) out vec4 new_state[4];

bool is_alive(sampler2D channels, vec2 position) {
    float alpha = textureLod(channels, position, 0.0).a;
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(-1, -1)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(0, -1)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(1, -1)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(-1, 0)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(1, 0)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(-1, 1)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(0, 1)).a);
    alpha = max(alpha, textureLodOffset(channels, position, 0.0, ivec2(1, 1)).a);
    return decode(vec4(alpha)).a > ALIVE_THRESHOLD;
}

void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    vec2 position = gl_FragCoord.xy / vec2(textureSize(before, 0));
    bool survives = is_alive(before, position) && is_alive(after[0], position);
    new_state[0] = survives ? texelFetch(after[0], cell, 0) : ZERO_TEXEL;
    new_state[1] = survives ? texelFetch(after[1], cell, 0) : ZERO_TEXEL;
    new_state[2] = survives ? texelFetch(after[2], cell, 0) : ZERO_TEXEL;
    new_state[3] = survives ? texelFetch(after[3], cell, 0) : ZERO_TEXEL;
}
