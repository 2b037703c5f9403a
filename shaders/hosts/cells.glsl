// What becomes of a texel of the buffer: a part of a cell that makes its step, or the record.
// See layout.glsl for where things lie.

// Whether somebody is erasing a cell.
bool is_erased(vec2 cell);

// Above this, floats no longer hold every whole number.
const float LARGEST_STEP = 16000000.0;

// 1 for the channels of a tile that the automaton has, 0 for the rest.
vec4 existing(float tile) {
    return vec4(lessThan(4.0 * tile + vec4(0.0, 1.0, 2.0, 3.0), vec4(CHANNELS)));
}

// What a tile's channels hold before the first step.
vec4 seeded(float tile, vec2 cell) {
#if SEED_KIND == 1
    vec4 noise = vec4(
        cell_noise(cell, 4.0 * tile, SEED_KEY),
        cell_noise(cell, 4.0 * tile + 1.0, SEED_KEY),
        cell_noise(cell, 4.0 * tile + 2.0, SEED_KEY),
        cell_noise(cell, 4.0 * tile + 3.0, SEED_KEY));
    return (SEED_LOW + (SEED_HIGH - SEED_LOW) * (noise / NOISE_RANGE)) * existing(tile);
#elif SEED_KIND == 2
    bool is_alone = cell == floor((grid + 0.5) / 2.0);
    vec4 channel = 4.0 * tile + vec4(0.0, 1.0, 2.0, 3.0);
    vec4 is_one = vec4(greaterThanEqual(channel, vec4(min(3.0, CHANNELS - 1.0))));
    return is_alone ? is_one * existing(tile) : vec4(0.0);
#else
    return vec4(0.0);
#endif
}

#if ALIVE_MASKING
// 1 for the cells of a 3x3 neighbourhood that are alive, row by row.
float life[9];

// Finds `life`, and gives whether any of the nine cells is opaque.
bool find_life(vec2 cell, float steps) {
    float alphas[25];
    for (int row = 0; row < 5; row++)
        for (int column = 0; column < 5; column++)
            alphas[5 * row + column] = stored_alpha(cell + vec2(column - 2, row - 2));
    float opaque = 0.0;
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++) {
            float near = 0.0;
            for (int down = 0; down < 3; down++)
                for (int right = 0; right < 3; right++)
                    near = max(near, alphas[5 * (row + down) + column + right]);
            float own = alphas[5 * row + column + 6];
            // A seed is not masked.
            bool lives = steps == 0.0 || (near > ALIVE_THRESHOLD && own < DEAD);
            life[3 * row + column] = float(lives);
            opaque = max(opaque, own * float(lives));
        }
    }
    return opaque > ALIVE_THRESHOLD;
}
#define LIVING(channels, neighbour) (channels * life[neighbour])
#else
#define LIVING(channels, neighbour) channels
#endif

// Filters a tile's channels: identity, sobel-x, sobel-y, laplacian.
void perceive(float tile, vec2 cell,
              out vec4 centre, out vec4 sobel_x, out vec4 sobel_y, out vec4 laplacian) {
    vec2 near = wrap(cell - 1.0);
    vec2 far = wrap(cell + 1.0);
    vec4 top_left = LIVING(stored(tile, near), 0);
    vec4 top = LIVING(stored(tile, vec2(cell.x, near.y)), 1);
    vec4 top_right = LIVING(stored(tile, vec2(far.x, near.y)), 2);
    vec4 left = LIVING(stored(tile, vec2(near.x, cell.y)), 3);
    centre = LIVING(stored(tile, cell), 4);
    vec4 right = LIVING(stored(tile, vec2(far.x, cell.y)), 5);
    vec4 bottom_left = LIVING(stored(tile, vec2(near.x, far.y)), 6);
    vec4 bottom = LIVING(stored(tile, vec2(cell.x, far.y)), 7);
    vec4 bottom_right = LIVING(stored(tile, far), 8);

    vec4 left_column = top_left + 2.0 * left + bottom_left;
    vec4 right_column = top_right + 2.0 * right + bottom_right;
    sobel_x = right_column - left_column;
    sobel_y = bottom_left + 2.0 * bottom + bottom_right - top_left - 2.0 * top - top_right;
    laplacian = left_column + right_column + 2.0 * (top + bottom) - 12.0 * centre;
}

// A tile's channels of a cell after a step. Every tile needs the whole cell's hidden layer.
vec4 stepped(float tile, vec2 cell, float steps) {
#if ALIVE_MASKING
    bool was_alive = find_life(cell, steps);
#endif
    vec4 p[4 * TEXTURES];
    perceive(0.0, cell, p[0], p[1], p[2], p[3]);
    vec4 own = p[0];
#if TEXTURES > 1
    perceive(1.0, cell, p[4], p[5], p[6], p[7]);
    if (tile == 1.0) own = p[4];
#endif
#if TEXTURES > 2
    perceive(2.0, cell, p[8], p[9], p[10], p[11]);
    if (tile == 2.0) own = p[8];
#endif
#if TEXTURES > 3
    perceive(3.0, cell, p[12], p[13], p[14], p[15]);
    if (tile == 3.0) own = p[12];
#endif
    bool fires = cell_noise(cell, steps, STEP_KEY) < FIRING_THRESHOLD;
    if (fires) own += update(p, tile);
    own = CLAMP(own);
#if ALIVE_MASKING
    if (!was_alive) own = vec4(0.0, 0.0, 0.0, tile == 0.0 && own.a > ALIVE_THRESHOLD ? DEAD : 0.0);
#endif
    return own;
}

// A texel of the buffer after this frame. `speed` is how many steps a frame, at most one.
vec4 next_texel(vec2 place, vec2 buffer_texels, bool restarts, float speed) {
    use_grid_of(buffer_texels);
    vec4 record = texel(vec2(0.0));
    bool is_known = record.xy == grid && !restarts;
    // A grid that grew still holds all that it held before; it goes on, repeated where it ends.
    bool has_grown = !is_known && !restarts && record.x >= 1.0 && record.y >= 1.0
        && all(lessThanEqual(record.xy, grid));
    float due = record.w + speed;

    vec2 tile_place = floor((place - vec2(0.0, 1.0) + 0.5) / grid);
    float tile = tile_place.x + TILES.x * tile_place.y;
    bool is_spare = place.y < 1.0 || tile_place.x >= TILES.x || tile >= float(TEXTURES);
    if (is_spare) {
        if (!is_known) return vec4(grid, has_grown ? record.z : 0.0, 0.0);
        float steps = record.z + floor(due);
        return vec4(grid, steps > LARGEST_STEP ? 1.0 : steps, due - floor(due));
    }
    vec2 cell = place - tile_corner(tile, grid);
#if CONTENT
    // No step changes the picture, and every frame has it anew.
    if (tile == float(TEXTURES - 1)) return vec4(content(cell), 0.0);
#endif
    if (has_grown) {
        cell -= record.xy * floor((cell + 0.5) / record.xy);
        return texel(tile_corner(tile, record.xy) + cell);
    }
    if (!is_known) return seeded(tile, cell);
    if (is_erased(cell)) return ERASE_VALUE * existing(tile);
    if (due < 1.0) return texel(place);
    return stepped(tile, cell, record.z);
}
