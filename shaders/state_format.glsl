// How channels lie in the texels of a state. As they are, unless a shader is compiled with
// EIGHT_BITS: then byte b of an RGBA8 texture stands for (b - 127) * 4 / 255, which is -1.99 to
// 2.01 with zero among them; exporters/eight_bit.py is the twin of that.
//
//   decode             a texel's four channels
//   decode_difference  the same for a sum of texels in which their zeros cancel out
//   encode             the texel for four channels; `noise` is a hash of its own for each cell,
//                      step and texture. Bytes are rounded up or down by chance: a change of less
//                      than half a byte would be lost at every step, and the automaton would freeze

#ifdef EIGHT_BITS
const float RANGE = 4.0;
const float ZERO_BYTE = 127.0;
const vec4 ZERO_TEXEL = vec4(ZERO_BYTE / 255.0);

vec4 decode(vec4 texel) {
    return (round(texel * 255.0) - ZERO_BYTE) * (RANGE / 255.0);
}

vec4 decode_difference(vec4 difference) {
    return difference * RANGE;
}

vec4 encode(vec4 value, uint noise) {
    uvec4 parts = (uvec4(noise) >> uvec4(0u, 8u, 16u, 24u)) & 255u;
    vec4 chance = (vec4(parts) + 0.5) / 256.0;
    return floor(value * (255.0 / RANGE) + ZERO_BYTE + chance) / 255.0;
}
#else
const vec4 ZERO_TEXEL = vec4(0.0);
#define decode(texel) (texel)
#define decode_difference(difference) (difference)
#define encode(value, noise) (value)
#endif
