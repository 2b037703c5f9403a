// What a filter sees of the host's picture: its middle, so large that it covers the grid. The host's
// own file comes first and says how large it is in pixels, what colour is where, 0 to 1 from its
// bottom left, and how strongly it shows.

// How many places across and down a cell's colour is the mean of.
const int PLACES = 4;

// The mean colour under a cell, less 0.5.
vec3 content(vec2 cell) {
    vec2 pixels = picture_pixels();
    float cell_pixels = min(pixels.x / grid.x, pixels.y / grid.y);
    vec2 middle = 0.5 * pixels + cell_pixels * (cell + 0.5 - 0.5 * grid) * vec2(1.0, -1.0);
    // From the first pixel's middle to the last one's. Hosts blend pixels, so that this is exactly
    // the mean of up to four by four of them.
    float width_pixels = max(cell_pixels - 1.0, 0.0);
    vec3 sum = vec3(0.0);
    for (int row = 0; row < PLACES; row++) {
        for (int column = 0; column < PLACES; column++) {
            vec2 share = vec2(column, row) / float(PLACES - 1) - 0.5;
            sum += clamp(picture_at((middle + width_pixels * share) / pixels), 0.0, 1.0);
        }
    }
    return STRENGTH * (sum / float(PLACES * PLACES) - 0.5);
}
