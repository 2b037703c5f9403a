// The cells live in a double buffer of floats, the window shows them, the pointer erases.

#ifdef GL_ES
precision highp float;
#endif

// glslViewer reads the buffer's size from the comment behind it.
uniform sampler2D u_doubleBuffer0; // #buffer_size
uniform vec2 u_mouse;
uniform int u_frame;

#constants

const vec2 BUFFER_TEXELS = vec2(#buffer_texels);

#include "hosts/layout.glsl"

#include "hosts/pixels.glsl"

vec4 texel(vec2 place) {
    return texture2D(u_doubleBuffer0, (place + 0.5) / BUFFER_TEXELS);
}

#ifdef DOUBLE_BUFFER_0

#include "hosts/arithmetic_noise.glsl"

#weights

#content

#include "hosts/cells.glsl"

const float ERASER_RADIUS_CELLS = 8.0;

bool is_erased(vec2 cell) {
    // Until the pointer moves, it is said to be in the corner.
    bool has_moved = u_mouse != vec2(0.0);
    return has_moved && distance_from(cell, point_at(u_mouse)) <= ERASER_RADIUS_CELLS;
}

void main() {
    gl_FragColor = next_texel(floor(gl_FragCoord.xy), BUFFER_TEXELS, u_frame == 0, 1.0);
}

#else

#include "hosts/picture.glsl"

void main() {
    use_grid_of(BUFFER_TEXELS);
    gl_FragColor = vec4(picture_colour(point_at(gl_FragCoord.xy)), 1.0);
}

#endif
