#version 330 core
// Covers the tiles of a grid that alive_tiles.frag has marked, and no others; draw six vertices for
// each of them all, no buffer needed.
//
// Uniforms:
//   marked_tiles  texture with one texel a tile, row 0 the grid's top: red above 0 where it is drawn
//   tile_cells    int, the side of a tile
//   grid_cells    vec2, the grid's width and height; tiles at the far edges may end before theirs

uniform sampler2D marked_tiles;
uniform int tile_cells;
uniform vec2 grid_cells;

void main() {
    int columns = textureSize(marked_tiles, 0).x;
    ivec2 tile = ivec2(gl_InstanceID % columns, gl_InstanceID / columns);
    bool right = gl_VertexID == 1 || gl_VertexID == 2 || gl_VertexID == 4;
    bool bottom = gl_VertexID == 2 || gl_VertexID == 4 || gl_VertexID == 5;
    vec2 corner = min(vec2((tile + ivec2(right, bottom)) * tile_cells), grid_cells);
    bool is_marked = texelFetch(marked_tiles, tile, 0).r > 0.0;
    // All corners in one place: nothing is drawn.
    gl_Position = is_marked ? vec4(2.0 * corner / grid_cells - 1.0, 0.0, 1.0) : vec4(2.0);
}
