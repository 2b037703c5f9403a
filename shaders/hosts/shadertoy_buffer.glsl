// Buffer A: the cells. A frame is a step; the mouse erases. iChannel0 must be Buffer A itself, its
// filter "nearest".

#include "pcg.glsl"

#include "hosts/noise.glsl"

#weights

#content

#include "hosts/cells.glsl"

const float ERASER_RADIUS_CELLS = 12.0;

vec4 texel(vec2 place) {
    return texelFetch(iChannel0, ivec2(place), 0);
}

bool is_erased(vec2 cell) {
    bool is_pressed = iMouse.z > 0.0;
    return is_pressed && distance_from(cell, point_at(iMouse.xy)) <= ERASER_RADIUS_CELLS;
}

void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    fragColor = next_texel(floor(fragCoord), iResolution.xy, iFrame == 0, 1.0);
}
