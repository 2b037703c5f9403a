// PCG hash (Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 2020).
//
// All arithmetic is uint and wraps at 32 bits; exporters/update_mask.py is its twin.

uint pcg(uint value) {
    uint state = value * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

uint cell_hash(uvec2 cell, uint step_index, uint random_seed) {
    return pcg(cell.x + pcg(cell.y + pcg(step_index + pcg(random_seed))));
}
