#version 330 core
// Paints a stroke into the state: every cell whose centre lies within the radius of a segment,
// seen on the torus. Other cells are discarded and keep what they hold.
//
// Uniforms:
//   segment_start   vec2, cells, y from the top; cell (x, y) has its centre at (x + 0.5, y + 0.5)
//   segment_end     vec2, cells
//   radius_cells    float, 0 or more
//   grid_cells      vec2, the grid's width and height
//   first_copy      ivec2, the copies of the grid that the stroke may touch, from first ...
//   last_copy       ivec2, ... to last; copy (0, 0) is the grid itself
//   fill[k]         RGBA32F textures, all of one size: a state, tiled over the grid from its
//                   top left corner, channels 4k to 4k + 3
// Outputs:
//   new_state[k]    channels 4k to 4k + 3; those beyond the framebuffer's targets go nowhere

#ifdef GL_ES
precision highp float;
precision highp int;
precision highp sampler2D;
#endif

uniform vec2 segment_start;
uniform vec2 segment_end;
uniform float radius_cells;
uniform vec2 grid_cells;
uniform ivec2 first_copy;
uniform ivec2 last_copy;
uniform sampler2D fill[4];

layout(location = 0) out vec4 new_state[4];

float distance_to_segment(vec2 point) {
    vec2 along = segment_end - segment_start;
    vec2 offset = point - segment_start;
    float length_squared = max(dot(along, along), 1e-12);
    return length(offset - along * clamp(dot(offset, along) / length_squared, 0.0, 1.0));
}

bool is_inside(vec2 centre) {
    for (int row = first_copy.y; row <= last_copy.y; row++) {
        for (int column = first_copy.x; column <= last_copy.x; column++) {
            vec2 copied = centre + vec2(column, row) * grid_cells;
            if (distance_to_segment(copied) <= radius_cells) return true;
        }
    }
    return false;
}

void main() {
    if (!is_inside(gl_FragCoord.xy)) discard;
    ivec2 cell = ivec2(gl_FragCoord.xy) % textureSize(fill[0], 0);
    new_state[0] = texelFetch(fill[0], cell, 0);
    new_state[1] = texelFetch(fill[1], cell, 0);
    new_state[2] = texelFetch(fill[2], cell, 0);
    new_state[3] = texelFetch(fill[3], cell, 0);
}
