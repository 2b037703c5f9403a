// The picture or film that comes after the shader on the command line.
uniform sampler2D u_tex0;
uniform vec2 u_tex0Resolution;

const float STRENGTH = 1.0;

vec2 picture_pixels() {
    return u_tex0Resolution;
}

vec3 picture_at(vec2 position) {
    return texture2D(u_tex0, position).rgb;
}

#include "hosts/content.glsl"
