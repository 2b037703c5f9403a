// How a state lies in one buffer. Four channels of all cells make a tile; TILES says how many tiles
// lie beside and above each other. The row of texels below them all holds the record: columns,
// rows, steps so far, and the share of a step that is due. Row 0 of a tile is the picture's top.

// A texel of the buffer as it was before this pass; `place` counts from the buffer's corner.
vec4 texel(vec2 place);

// Columns and rows of cells.
vec2 grid;

void use_grid_of(vec2 buffer_texels) {
    // Half a texel more, so that a quotient that is a little too small is still the right number.
    grid = floor((buffer_texels - vec2(0.0, 1.0) + 0.5) / TILES);
}

vec2 tile_corner(float tile, vec2 grid_cells) {
    float row = floor((tile + 0.5) / TILES.x);
    return vec2(tile - row * TILES.x, row) * grid_cells + vec2(0.0, 1.0);
}

// Back onto the torus, for cells at most one grid away.
vec2 wrap(vec2 cell) {
    cell += grid * vec2(lessThan(cell, vec2(0.0)));
    return cell - grid * vec2(greaterThanEqual(cell, grid));
}

// Channels 4 * tile to 4 * tile + 3 of a cell, as they are stored.
vec4 stored(float tile, vec2 cell) {
    return texel(tile_corner(tile, grid) + cell);
}

// How far a cell's centre is from a point in cells, on the torus.
float distance_from(vec2 cell, vec2 point) {
    vec2 apart = abs(cell + 0.5 - point);
    apart -= grid * floor(apart / grid);
    return length(min(apart, grid - apart));
}

#if ALIVE_MASKING
// Whether a cell has life in or beside it is known only after all cells have made their step. So a
// step stores them unmasked, and whoever reads them masks. Cells that had no life before the step
// are dead for certain: their alpha is then 0, or DEAD where it would count as life for others.
const float ALIVE_THRESHOLD = 0.1;
const float DEAD = 60000.0;

float stored_alpha(vec2 cell) {
    return stored(0.0, wrap(cell)).a;
}
#endif
