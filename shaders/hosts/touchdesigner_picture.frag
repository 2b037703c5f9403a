// The pixel shader of the GLSL TOP that shows the cells. Its first input is the one that holds them.

#constants

#include "hosts/layout.glsl"

#include "hosts/picture.glsl"

layout(location = 0) out vec4 fragColor;

vec4 texel(vec2 place) {
    return texelFetch(sTD2DInputs[0], ivec2(place), 0);
}

void main() {
    use_grid_of(vec2(textureSize(sTD2DInputs[0], 0)));
    vec2 from_top = vec2(vUV.s, 1.0 - vUV.t);
    fragColor = TDOutputSwizzle(vec4(picture_colour(from_top * grid), 1.0));
}
