
#constants

vec2 buffer_texels;

#include "hosts/layout.glsl"

// At the middle of texels, where a host's filter has nothing to blend.
vec4 texel(vec2 place) {
    vec2 position = (place + 0.5) / buffer_texels;
    return IMG_NORM_PIXEL(cells, position);
}

#include "hosts/arithmetic_noise.glsl"

#weights

#content

#include "hosts/cells.glsl"

#include "hosts/picture.glsl"

// ISF's points and images count from the bottom left.
bool is_erased(vec2 cell) {
    vec2 pointer = vec2(erase_point.x, 1.0 - erase_point.y) * grid;
    if (erase && distance_from(cell, pointer) <= erase_size) return true;
    vec2 position = (cell + 0.5) / grid;
    position.y = 1.0 - position.y;
    vec3 colour = IMG_NORM_PIXEL(erase_image, position).rgb;
    float brightness = dot(colour, vec3(0.2126, 0.7152, 0.0722));
    return erase_image_amount > 0.0 && brightness >= 1.0 - erase_image_amount;
}

void main() {
    if (PASSINDEX == 0) {
        buffer_texels = RENDERSIZE;
        vec2 place = floor(isf_FragNormCoord * RENDERSIZE);
        gl_FragColor = next_texel(place, buffer_texels, restart, speed);
    } else {
        buffer_texels = IMG_SIZE(cells);
        use_grid_of(buffer_texels);
        vec2 position = vec2(isf_FragNormCoord.x, 1.0 - isf_FragNormCoord.y);
        gl_FragColor = vec4(picture_colour(position * grid), 1.0);
    }
}
