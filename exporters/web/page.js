// A page that one automaton at a time fills: what the pointer, the keys and the controls do.
// Needs graphics.js and simulation.js.
//
// #precision=half after the page's address does with less exact textures.

// A grid of about so many cells fits the page, but cells never get smaller than this.
const COMFORTABLE_CELLS = 65_536;
const SMALLEST_CELL_PIXELS = 2;
const STEPS_PER_SECOND = 60;
const IDLE_MILLISECONDS = 3500;
const BRUSH_GROWTH = 0.25;

const element = (id) => document.getElementById(id);
const data = JSON.parse(element("data").textContent);
const view = element("view");
const addressed = new URLSearchParams(location.hash.slice(1));
const precisions = addressed.get("precision") === "half" ? ["half float"] : undefined;

let gl;
let simulation;
let cellPixels;
let paused = false;
let changed = true;
let tool = "erase";
const strokes = new Map();

const stepsPerSecond = () => STEPS_PER_SECOND * 2 ** element("speed").valueAsNumber;
const brushPixels = () => 2 ** element("brush").valueAsNumber;

function fail(error) {
  element("status").textContent = error.message;
  element("status").classList.add("failure");
  for (const id of ["hint", "names"]) element(id).hidden = true;
  document.querySelector("footer").hidden = true;
}

// How many cells cover the page, at the size that cells have since it was opened.
function gridSize() {
  const [width, height] = [Math.max(innerWidth, 1), Math.max(innerHeight, 1)];
  cellPixels ??= Math.max(SMALLEST_CELL_PIXELS, Math.sqrt((width * height) / COMFORTABLE_CELLS));
  return [width, height].map((pixels) => Math.ceil(pixels / cellPixels));
}

function fit() {
  const ratio = devicePixelRatio || 1;
  view.width = Math.round(innerWidth * ratio);
  view.height = Math.round(innerHeight * ratio);
  changed = true;
}

function choose(index) {
  simulation?.dispose();
  simulation = new Simulation(gl, data.automata[index], data.shaders, precisions);
  document.title = simulation.automaton.name;
  [...element("names").children].forEach((button, k) =>
    button.setAttribute("aria-pressed", k === index),
  );
  restart(0);
}

function restart(randomSeed = Math.floor(Math.random() * 2 ** 32)) {
  simulation.restart(...gridSize(), randomSeed);
  changed = true;
}

function setPaused(value) {
  paused = value;
  element("pause").setAttribute("aria-pressed", paused);
  element("pause").title = `${paused ? "Go on" : "Pause"} (space)`;
}

function setTool(name) {
  tool = name;
  for (const id of ["erase", "paint"]) element(id).setAttribute("aria-pressed", id === tool);
}

function applyStroke(stroke, event) {
  const place = [event.clientX / cellPixels, event.clientY / cellPixels];
  const line = [stroke.place ?? place, place, brushPixels() / cellPixels];
  const digits = element("colour").value.match(/\w\w/g);
  if (stroke.erases) simulation.erase(...line);
  else simulation.paint(...line, digits.map((part) => parseInt(part, 16) / 255));
  stroke.place = place;
  changed = true;
}

function moveRing(event) {
  const diameter = 2 * brushPixels();
  const ring = element("ring");
  ring.hidden = event.pointerType !== "mouse" || event.target !== view;
  ring.style.width = ring.style.height = `${diameter}px`;
  ring.style.translate = `${event.clientX - diameter / 2}px ${event.clientY - diameter / 2}px`;
  document.body.classList.toggle("mouse", event.pointerType === "mouse");
}

let idleTimer;
function wake() {
  document.body.classList.remove("idle");
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => document.body.classList.add("idle"), IDLE_MILLISECONDS);
}

function listen() {
  addEventListener("resize", () => {
    fit();
    simulation.resize(...gridSize());
  });
  view.addEventListener("contextmenu", (event) => event.preventDefault());
  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    const stroke = { erases: tool === "erase" || event.button === 2 };
    strokes.set(event.pointerId, stroke);
    applyStroke(stroke, event);
    element("hint").hidden = true;
  });
  addEventListener("pointermove", (event) => {
    const stroke = strokes.get(event.pointerId);
    if (stroke) applyStroke(stroke, event);
    moveRing(event);
    wake();
  });
  for (const type of ["pointerup", "pointercancel"])
    addEventListener(type, (event) => strokes.delete(event.pointerId));
  document.addEventListener("pointerleave", () => (element("ring").hidden = true));
  element("pause").onclick = () => setPaused(!paused);
  element("restart").onclick = () => restart();
  element("erase").onclick = () => setTool("erase");
  element("paint").onclick = () => setTool("paint");
  element("colour").oninput = () => setTool("paint");
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target instanceof HTMLButtonElement;
    const actions = {
      " ": () => onButton || setPaused(!paused),
      r: () => restart(),
      e: () => setTool("erase"),
      p: () => setTool("paint"),
      "[": () => (element("brush").valueAsNumber -= BRUSH_GROWTH),
      "]": () => (element("brush").valueAsNumber += BRUSH_GROWTH),
    };
    actions[event.key.toLowerCase()]?.();
    wake();
  });
}

function draw() {
  const centre = [innerWidth, innerHeight].map((pixels) => pixels / cellPixels / 2);
  simulation.show(centre, (cellPixels * view.width) / innerWidth);
  changed = false;
}

function showRate(steps, seconds) {
  const rate = paused ? "paused" : `${Math.round(steps / seconds)} steps/s`;
  element("status").textContent = `${simulation.precision.name} · ${rate}`;
}

// Steps are due by the clock, but never more in one frame than a screen of 60 frames/s would
// ask for: a slow graphics card falls behind the clock instead of falling over.
function animate() {
  let last = performance.now();
  let due = 0;
  let [counted, since] = [0, last];
  const frame = (now) => {
    requestAnimationFrame(frame);
    const most = Math.ceil(stepsPerSecond() / 60);
    due = paused ? 0 : Math.min(due + ((now - last) / 1000) * stepsPerSecond(), most + 1);
    last = now;
    const steps = Math.min(Math.floor(due), most);
    due -= steps;
    simulation.step(steps);
    if (steps > 0 || changed) draw();
    counted += steps;
    if (now - since > 1000) {
      showRate(counted, (now - since) / 1000);
      [counted, since] = [0, now];
    }
  };
  requestAnimationFrame(frame);
}

function start() {
  gl = view.getContext("webgl2", { alpha: false, antialias: false, depth: false });
  if (!gl) throw new Error("This page needs WebGL2, which this browser does not offer.");
  data.automata.forEach(({ name }, index) => {
    const button = document.createElement("button");
    button.textContent = name;
    button.onclick = () => choose(index);
    element("names").append(button);
  });
  fit();
  choose(0);
  listen();
  wake();
  animate();
}

try {
  start();
} catch (error) {
  fail(error);
}

// For whoever embeds the page, or looks at it from the console.
window.lichen = {
  get simulation() {
    return simulation;
  },
  choose,
  setPaused,
};
