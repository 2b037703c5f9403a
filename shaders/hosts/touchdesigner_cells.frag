// The pixel shader of the GLSL TOP that holds the cells. Its first input is itself one frame ago,
// through a Feedback TOP.
//
// Uniforms:
//   uSpeed    float, steps a frame, 0 to 1
//   uRestart  float, above 0.5 to begin again
//   uErase    vec4, where to erase (0 to 1 from the bottom left), the radius in cells, and above 0.5
//             while erasing

uniform float uSpeed;
uniform float uRestart;
uniform vec4 uErase;

#constants

#include "hosts/layout.glsl"

#include "pcg.glsl"

#include "hosts/noise.glsl"

#weights

#content

#include "hosts/cells.glsl"

layout(location = 0) out vec4 fragColor;

vec4 texel(vec2 place) {
    return texelFetch(sTD2DInputs[0], ivec2(place), 0);
}

bool is_erased(vec2 cell) {
    vec2 point = vec2(uErase.x, 1.0 - uErase.y) * grid;
    return uErase.w > 0.5 && distance_from(cell, point) <= uErase.z;
}

void main() {
    vec2 buffer_texels = vec2(textureSize(sTD2DInputs[0], 0));
    vec2 place = floor(vUV.st * buffer_texels);
    fragColor = TDOutputSwizzle(next_texel(place, buffer_texels, uRestart > 0.5, uSpeed));
}
