#version 330 core
// Writes the picture that a filter sees into its state; everything else stays.
//
// Uniforms:
//   state[k]      float textures: channels 4k to 4k + 3; the last one is all picture
//   picture       any texture of the program's, its row 0 the bottom
//   strength      float, how strongly it shows; 1 as it is
//   grid_cells    ivec2, width and height
// Outputs:
//   new_state[k]  channels 4k to 4k + 3

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#constants

uniform sampler2D state[TEXTURES];
uniform sampler2D picture;
uniform float strength;
uniform ivec2 grid_cells;

layout(location = 0) out vec4 new_state[TEXTURES];

#define STRENGTH strength

vec2 grid;

vec2 picture_pixels() {
    return vec2(textureSize(picture, 0));
}

vec3 picture_at(vec2 position) {
    return textureLod(picture, position, 0.0).rgb;
}

#include "hosts/content.glsl"

void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    grid = vec2(grid_cells);
    new_state[TEXTURES - 1] = vec4(content(vec2(cell)), 0.0);
    new_state[0] = texelFetch(state[0], cell, 0);
#if TEXTURES > 2
    new_state[1] = texelFetch(state[1], cell, 0);
#endif
#if TEXTURES > 3
    new_state[2] = texelFetch(state[2], cell, 0);
#endif
}
