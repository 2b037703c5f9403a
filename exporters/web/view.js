// Which part of the grid the page shows, and how large. Places on the page are in CSS pixels.

// A grid of about so many cells fills the page, but its cells are never smaller than this.
const COMFORTABLE_CELLS = 65_536;
const SMALLEST_CELL_PIXELS = 2;
const ZOOMS = [0.25, 32];

class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.sideCells = null;
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
    this.fillingCellPixels ??= Math.max(
      SMALLEST_CELL_PIXELS,
      Math.sqrt((size[0] * size[1]) / COMFORTABLE_CELLS),
    );
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
