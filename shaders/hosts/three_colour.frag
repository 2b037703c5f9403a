#version 330 core
// From state to colour, for a texture that three.js knows to be sRGB: it encodes what is drawn into
// it, hence the way back to linear light. Row 0 of the grid becomes the picture's top, v = 1.
//
// Uniforms:
//   state   float texture: channels 0 to 3
// Output:
//   colour  linear, 0 to 1

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

#constants

uniform sampler2D state;

layout(location = 0) out vec4 colour;

void main() {
    ivec2 texel = ivec2(gl_FragCoord.xy);
    vec4 channels = texelFetch(state, ivec2(texel.x, textureSize(state, 0).y - 1 - texel.y), 0);
    vec3 shown = clamp(SHOWN(channels), 0.0, 1.0);
    vec3 bright = pow((shown + 0.055) / 1.055, vec3(2.4));
    colour = vec4(mix(shown / 12.92, bright, greaterThan(shown, vec3(0.04045))), 1.0);
}
