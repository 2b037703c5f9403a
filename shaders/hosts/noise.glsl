// Noise for a cell, a whole number below NOISE_RANGE; pcg.glsl comes first.

const float NOISE_RANGE = 16777216.0;

float cell_noise(vec2 cell, float index, uint key) {
    return float(cell_hash(uvec2(cell), uint(index), key) >> 8u);
}
