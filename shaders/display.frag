#version 330 core
// From state to colour, one texel a cell; exporters/display.py is its twin.
//
// Uniforms:
//   state    RGBA32F texture: channels 0 to 3, row 0 the picture's top
//   display  int: 0 rgb + 0.5, 1 premultiplied rgba over white, 2 grey (channel 0 + 0.5)
// Output:
//   colour   sRGB-encoded, 0 to 1, row 0 the picture's top

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#include "state_format.glsl"

uniform sampler2D state;
uniform int display;

layout(location = 0) out vec4 colour;

void main() {
    vec4 cell = decode(texelFetch(state, ivec2(gl_FragCoord.xy), 0));
    vec3 shown = cell.rgb + 0.5;
    if (display == 1) shown = 1.0 - clamp(cell.a, 0.0, 1.0) + cell.rgb;
    if (display == 2) shown = cell.rrr + 0.5;
    colour = vec4(clamp(shown, 0.0, 1.0), 1.0);
}
