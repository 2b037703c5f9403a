// The picture of the layer.
#define STRENGTH strength

vec2 picture_pixels() {
    return IMG_SIZE(inputImage);
}

vec3 picture_at(vec2 position) {
    return IMG_NORM_PIXEL(inputImage, position).rgb;
}

#include "hosts/content.glsl"
