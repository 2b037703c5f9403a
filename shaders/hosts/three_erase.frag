#version 330 core
// Erases a disc on the torus. Other cells are discarded and keep what they hold.
//
// Uniforms:
//   centre_cells  vec2, y from the top; cell (x, y) has its centre at (x + 0.5, y + 0.5)
//   radius_cells  float, up to half of the grid's smaller side
//   grid_cells    ivec2, width and height
// Outputs:
//   new_state[k]  channels 4k to 4k + 3

#ifdef GL_ES
precision highp float;
precision highp int;
#endif

#constants

uniform vec2 centre_cells;
uniform float radius_cells;
uniform ivec2 grid_cells;

layout(location = 0) out vec4 new_state[TEXTURES];

// The erase value in the channels that the automaton has, from `first` on.
vec4 erased(uint first) {
    uvec4 channel = first + uvec4(0u, 1u, 2u, 3u);
    return ERASE_VALUE * vec4(lessThan(channel, uvec4(CHANNELS)));
}

void main() {
    vec2 offset = abs(gl_FragCoord.xy - centre_cells);
    if (length(min(offset, vec2(grid_cells) - offset)) > radius_cells) discard;
    new_state[0] = erased(0u);
#if TEXTURES > 1
    new_state[1] = erased(4u);
#endif
#if TEXTURES > 2
    new_state[2] = erased(8u);
#endif
#if TEXTURES > 3
    new_state[3] = erased(12u);
#endif
}
