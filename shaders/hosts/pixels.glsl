// Where a pixel lies among the cells. Pixels count from the bottom left, cells from the top left.

const float PIXELS_PER_CELL = 2.0;

vec2 point_at(vec2 pixel) {
    return vec2(pixel.x / PIXELS_PER_CELL, grid.y - pixel.y / PIXELS_PER_CELL);
}
