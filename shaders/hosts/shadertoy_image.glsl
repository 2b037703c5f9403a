// Image: the colours of the cells. iChannel0 must be Buffer A.

#include "hosts/picture.glsl"

vec4 texel(vec2 place) {
    return texelFetch(iChannel0, ivec2(place), 0);
}

void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    use_grid_of(iResolution.xy);
    fragColor = vec4(picture_colour(point_at(fragCoord)), 1.0);
}
