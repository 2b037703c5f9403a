// Which part of the grid the page shows, and how large. Places on the page are in CSS pixels.

// A texture's grid of about so many cells fills the page, or that of a form, which is smaller; but
// cells are never smaller than this.
const TEXTURE_CELLS = 65_536;
const FORM_CELLS = 9_216;
const SMALLEST_CELL_PIXELS = 2;
const ZOOMS = [0.25, 32];

class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.sideCells = null;
  }

  // Chooses the size of cells that fill the page, for an automaton that is going to be seen.
  begin({ seed }) {
    const cells = seed.kind === "single cell" ? FORM_CELLS : TEXTURE_CELLS;
    const comfortable = Math.sqrt((innerWidth * innerHeight) / cells);
    this.fillingCellPixels = Math.max(SMALLEST_CELL_PIXELS, comfortable);
    this.reset();
    this.fit();
  }

  // A square grid with so many cells on a side, or one that fills the page where it is null.
  chooseGrid(sideCells) {
    this.sideCells = sideCells;
    this.reset();
    this.fit();
  }

  // The middle of the grid in the middle of the page.
  reset() {
    this.zoom = 1;
    this.offset = [0, 0];
  }

  // Follows the size of the page. Cells that fill the page keep the size that they began with, so
  // that turning a phone shows more of the same.
  fit() {
    const ratio = devicePixelRatio || 1;
    const size = [Math.max(innerWidth, 1), Math.max(innerHeight, 1)];
    [this.canvas.width, this.canvas.height] = size.map((pixels) => Math.round(pixels * ratio));
    const { sideCells } = this;
    this.unzoomedCellPixels = sideCells ? Math.max(...size) / sideCells : this.fillingCellPixels;
    this.gridSize = size.map(
      (pixels) => sideCells ?? Math.ceil(pixels / this.fillingCellPixels),
    );
  }

  get cellPixels() {
    return this.unzoomedCellPixels * this.zoom;
  }

  get deviceCellPixels() {
    return (this.cellPixels * this.canvas.width) / innerWidth;
  }

  get centreCells() {
    return this.gridSize.map((cells, axis) => cells / 2 + this.offset[axis]);
  }

  // The place on the grid that is seen at a place on the page.
  toCells([x, y]) {
    const [column, row] = this.centreCells;
    return [
      column + (x - innerWidth / 2) / this.cellPixels,
      row + (y - innerHeight / 2) / this.cellPixels,
    ];
  }

  // Makes cells so many times as large and moves what was seen at `from` to `to`.
  zoomBy(factor, from, to = from) {
    const held = this.toCells(from);
    this.zoom = Math.min(Math.max(this.zoom * factor, ZOOMS[0]), ZOOMS[1]);
    const there = this.toCells(to);
    this.offset = this.offset.map((cells, axis) => cells + held[axis] - there[axis]);
  }
}
