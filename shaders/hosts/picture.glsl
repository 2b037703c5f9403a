// From cells to colours, sRGB-encoded.

vec3 cell_colour(vec2 cell) {
    vec4 channels = stored(0.0, wrap(cell));
#if ALIVE_MASKING
    float alpha = 0.0;
    for (int row = -1; row <= 1; row++)
        for (int column = -1; column <= 1; column++)
            alpha = max(alpha, stored_alpha(cell + vec2(column, row)));
    if (alpha <= ALIVE_THRESHOLD || channels.a >= DEAD) channels = vec4(0.0);
#endif
    return clamp(SHOWN(channels), 0.0, 1.0);
}

// The picture at a point in cells from the grid's top left corner, blended between cell centres.
vec3 picture_colour(vec2 point) {
    vec2 cell = floor(point - 0.5);
    vec2 share = point - 0.5 - cell;
    cell -= grid * floor((cell + 0.5) / grid);
    vec3 top = mix(cell_colour(cell), cell_colour(cell + vec2(1.0, 0.0)), share.x);
    vec3 bottom = mix(cell_colour(cell + vec2(0.0, 1.0)), cell_colour(cell + 1.0), share.x);
    return mix(top, bottom, share.y);
}
