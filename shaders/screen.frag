#version 330 core
// Puts the picture of a grid on the screen; the texture's own filter blends cells or not.
//
// Uniforms:
//   picture   RGBA8 texture, GL_REPEAT: one texel a cell, row 0 the top
// Input:
//   position  where in the grid, 0 to 1 from its top left corner
// Output:
//   colour    as the picture has it

#ifdef GL_ES
precision highp float;
precision highp sampler2D;
#endif

uniform sampler2D picture;

in vec2 position;

layout(location = 0) out vec4 colour;

void main() {
    colour = texture(picture, position);
}
