// Noise for a cell, a whole number below NOISE_RANGE, for hosts that have no unsigned integers:
// exporters/arithmetic_noise.py is its twin. All numbers are whole and below 2^24, so that floats
// hold them exactly.
//
// A Feistel network over the integers modulo a prime, its round function a cube (after Albrecht et
// al., "MiMC", ASIACRYPT 2016). As the prime leaves 2 when divided by 3, cubing mixes them all up
// and joins no two. It is noise for the eye, and no cipher.

const float PRIME = 4091.0;
const float NOISE_RANGE = 16736281.0;

// The remainder of a number from 0 to below 2^24.
float reduced(float number) {
    // Graphics cards divide a little wrong, so the quotient may be one off.
    float remainder = number - PRIME * floor(number / PRIME);
    return remainder + PRIME * (float(remainder < 0.0) - float(remainder >= PRIME));
}

vec2 mixed(vec2 halves, float round_key) {
    float base = reduced(halves.x + round_key);
    float cube = reduced(reduced(base * base) * base);
    return vec2(reduced(halves.y + cube), halves.x);
}

float cell_noise(vec2 cell, float index, vec3 key) {
    float low = reduced(index);
    vec2 halves = vec2(low, floor((index - low) / PRIME + 0.5));
    halves = mixed(mixed(mixed(mixed(halves, key.x), key.y), key.z), 1373.0);
    halves.x = reduced(halves.x + cell.y);
    halves = mixed(mixed(halves, 17.0), 1234.0);
    halves.x = reduced(halves.x + cell.x);
    halves = mixed(mixed(mixed(halves, 23.0), 3011.0), 777.0);
    return halves.x * PRIME + halves.y;
}
