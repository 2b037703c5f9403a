// Keeps the automata of a report alive where they are in sight, and reads the loss plot.
// Needs graphics.js and simulation.js.
//
// Browsers give a page few WebGL canvases, so that all automata share one that nobody sees;
// what it shows is copied to where each belongs.

const PIXELS_PER_CELL = 3;
const BRUSH_CELLS = 8;

const data = JSON.parse(document.getElementById("data").textContent);
const side = data.side;
const hidden = document.createElement("canvas");
hidden.width = hidden.height = side * PIXELS_PER_CELL;
const gl = hidden.getContext("webgl2", { alpha: false, antialias: false, depth: false });

class Preview {
  constructor(canvas) {
    this.canvas = canvas;
    this.inSight = false;
    canvas.width = canvas.height = hidden.width;
    canvas.addEventListener("pointerdown", (event) => this.wound(event));
    canvas.addEventListener("pointermove", (event) => event.buttons && this.wound(event));
    canvas.addEventListener("dblclick", () => this.simulation?.restart(side, side));
  }

  wound({ offsetX, offsetY }) {
    const cells = side / this.canvas.clientWidth;
    const place = [offsetX * cells, offsetY * cells];
    this.simulation?.erase(place, place, BRUSH_CELLS);
  }

  // Compiling takes a while, hence only for what is in sight.
  advance() {
    if (!this.simulation) {
      const automaton = data.automata[this.canvas.dataset.automaton];
      this.simulation = new Simulation(gl, automaton, data.shaders);
      this.simulation.restart(side, side);
    }
    this.simulation.step();
    this.simulation.show([side / 2, side / 2], PIXELS_PER_CELL);
    this.canvas.getContext("2d").drawImage(hidden, 0, 0);
  }
}

function giveUp(sentence) {
  document.querySelectorAll("canvas").forEach((canvas) => canvas.remove());
  if (sentence) document.getElementById("note").textContent = sentence;
}

function animate(previews) {
  const observer = new IntersectionObserver((entries) =>
    entries.forEach(({ target, isIntersecting }) => {
      previews.find(({ canvas }) => canvas === target).inSight = isIntersecting;
    }),
  );
  previews.forEach(({ canvas }) => observer.observe(canvas));
  const frame = () => {
    try {
      previews.filter(({ inSight }) => inSight).forEach((preview) => preview.advance());
    } catch (error) {
      return giveUp(error.message);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function readLossAtPointer() {
  const plot = document.getElementById("loss");
  const { left, right, first, last } = plot.dataset;
  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
    const share = (x - left) / (plot.viewBox.baseVal.width - left - right);
    const iteration = Number(first) + share * (last - first);
    const [nearest, loss] = data.history.reduce((best, point) =>
      Math.abs(point[0] - iteration) < Math.abs(best[0] - iteration) ? point : best,
    );
    const reading = `iteration ${nearest} · loss ${loss.toPrecision(4)}`;
    document.getElementById("reading").textContent = reading;
  });
}

const previews = [...document.querySelectorAll("canvas")].map((canvas) => new Preview(canvas));
readLossAtPointer();
if (data.automata.length === 0) giveUp();
else if (!gl) giveUp("The automata need WebGL2 to live, which this browser does not offer.");
else animate(previews);

// For whoever looks from the console.
window.lichen = { previews };
