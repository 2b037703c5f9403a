// iChannel1 is the picture to filter: the webcam, a video or a texture.
const float STRENGTH = 1.0;

vec2 picture_pixels() {
    return vec2(textureSize(iChannel1, 0));
}

vec3 picture_at(vec2 position) {
    return textureLod(iChannel1, position, 0.0).rgb;
}

#include "hosts/content.glsl"
