// The second input is the picture to filter.
const float STRENGTH = 1.0;

vec2 picture_pixels() {
    return vec2(textureSize(sTD2DInputs[1], 0));
}

vec3 picture_at(vec2 position) {
    return textureLod(sTD2DInputs[1], position, 0.0).rgb;
}

#include "hosts/content.glsl"
