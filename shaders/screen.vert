#version 330 core
// One triangle that covers the viewport and says which part of the grid it shows; draw three
// vertices, no buffer needed. The only place where y is flipped: rows of cells go down the
// screen, rows of the framebuffer go up.
//
// Uniforms:
//   grid_cells       vec2, the grid's width and height
//   view_pixels      vec2, the viewport's width and height
//   centre_cells     vec2, the point of the grid at the middle of the view
//   pixels_per_cell  float, above 0
// Output:
//   position         where in the grid, 0 to 1 from its top left corner; beyond, its copies

uniform vec2 grid_cells;
uniform vec2 view_pixels;
uniform vec2 centre_cells;
uniform float pixels_per_cell;

out vec2 position;

void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    vec2 from_centre_pixels = 0.5 * view_pixels * vec2(corner.x, -corner.y);
    position = (centre_cells + from_centre_pixels / pixels_per_cell) / grid_cells;
    gl_Position = vec4(corner, 0.0, 1.0);
}
