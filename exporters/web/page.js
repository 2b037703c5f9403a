// A page that one automaton at a time fills: what keys and controls do, and when steps are made.
// Needs graphics.js, simulation.js, view.js and pointers.js.
//
// #precision=float, half or 8bit after the page's address insists on one way to keep the state.

const STEPS_PER_SECOND = 60;
const IDLE_MILLISECONDS = 3500;
const BRUSH_GROWTH = 0.25;
const ZOOM_STEP = 1.5;

const element = (id) => document.getElementById(id);
const data = JSON.parse(element("data").textContent);
const canvas = element("view");
const addressed = new URLSearchParams(location.hash.slice(1));
const precisions = addressed.has("precision") ? [addressed.get("precision")] : undefined;

let gl;
let view;
let simulation;
let chosen = 0;
let paused = false;
let changed = true;
let tool = "erase";
let frameRequest = 0;
// What filters look at, where there are any; see content.js.
const content = data.example && new Content(data.example);

const stepsPerSecond = () => STEPS_PER_SECOND * 2 ** element("speed").valueAsNumber;
const brushPixels = () => 2 ** element("brush").valueAsNumber;

function fail(error) {
  element("status").textContent = error.message;
  element("status").classList.add("failure");
  for (const id of ["hint", "names", "notice", "controls"]) element(id).hidden = true;
}

function choose(index) {
  chosen = index;
  simulation?.dispose();
  simulation = new Simulation(gl, data.automata[index], data.shaders, precisions);
  view.begin(simulation.automaton);
  const { name, needs_float } = simulation.automaton;
  document.title = name;
  element("notice").hidden = !(needs_float && simulation.keepsBytes);
  [...element("names").children].forEach((button, k) =>
    button.setAttribute("aria-pressed", k === index),
  );
  content?.serve(simulation);
  restart(0);
}

function restart(randomSeed = Math.floor(Math.random() * 2 ** 32)) {
  simulation.restart(...view.gridSize, randomSeed);
  content?.refresh(view.gridSize, true);
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

function stroke(from, to, isSecondary) {
  const line = [view.toCells(from), view.toCells(to), brushPixels() / view.cellPixels];
  const digits = element("colour").value.match(/\w\w/g);
  if (tool === "erase" || isSecondary) simulation.erase(...line);
  else simulation.paint(...line, digits.map((part) => parseInt(part, 16) / 255));
  element("hint").hidden = true;
  changed = true;
}

function zoomBy(factor, from = [innerWidth / 2, innerHeight / 2], to = from) {
  view.zoomBy(factor, from, to);
  changed = true;
}

function showWhole() {
  view.reset();
  changed = true;
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function moveRing(event) {
  const diameter = 2 * brushPixels();
  const ring = element("ring");
  ring.hidden = event.pointerType !== "mouse" || event.target !== canvas;
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

const ON_CLICK = {
  pause: () => setPaused(!paused),
  restart: () => restart(),
  erase: () => setTool("erase"),
  paint: () => setTool("paint"),
  closer: () => zoomBy(ZOOM_STEP),
  farther: () => zoomBy(1 / ZOOM_STEP),
  whole: toggleFullScreen,
};

const ON_KEY = {
  " ": ON_CLICK.pause,
  r: ON_CLICK.restart,
  e: ON_CLICK.erase,
  p: ON_CLICK.paint,
  "+": ON_CLICK.closer,
  "-": ON_CLICK.farther,
  0: showWhole,
  f: toggleFullScreen,
  o: () => content?.browse(),
  "[": () => (element("brush").valueAsNumber -= BRUSH_GROWTH),
  "]": () => (element("brush").valueAsNumber += BRUSH_GROWTH),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  wake();
  const { target } = event;
  if (target instanceof HTMLSelectElement) return;
  if (event.key === " " && target instanceof HTMLButtonElement) return;
  ON_KEY[event.key.toLowerCase()]?.();
}

function listen() {
  listenToPointers(canvas, { stroke, pinch: zoomBy });
  for (const [id, action] of Object.entries(ON_CLICK)) element(id).onclick = action;
  content?.listen(() => {
    content.refresh(view.gridSize, true);
    changed = true;
  });
  element("colour").oninput = () => setTool("paint");
  element("grid").onchange = ({ target }) => {
    view.chooseGrid(Number(target.value) || null);
    restart();
  };
  element("whole").hidden = !document.fullscreenEnabled;
  addEventListener("keydown", onKey);
  addEventListener("pointerdown", wake);
  addEventListener("pointermove", (event) => {
    moveRing(event);
    wake();
  });
  document.addEventListener("pointerleave", () => (element("ring").hidden = true));
  addEventListener("resize", () => {
    view.fit();
    simulation.resize(...view.gridSize);
    content?.refresh(view.gridSize, true);
    changed = true;
  });
  document.addEventListener("visibilitychange", run);
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault(); // Asks the browser to give it back.
    run();
  });
  canvas.addEventListener("webglcontextrestored", () => {
    simulation = undefined; // Nothing of it is left.
    choose(chosen);
    run();
  });
}

function draw() {
  simulation.show(view.centreCells, view.deviceCellPixels);
  changed = false;
}

function showRate(steps, seconds) {
  const rate = paused ? "paused" : `${Math.round(steps / seconds)} steps/s`;
  element("status").textContent = `${simulation.precision.name} · ${rate}`;
}

// Frames until the page is hidden or its graphics card lost. Steps are due by the clock, but never
// more in one frame than a screen of 60 frames/s would ask for: a slow graphics card falls behind
// the clock instead of falling over.
function run() {
  cancelAnimationFrame(frameRequest);
  if (document.hidden || gl.isContextLost()) return;
  let last = performance.now();
  let due = 0;
  let [counted, since] = [0, last];
  const frame = (now) => {
    frameRequest = requestAnimationFrame(frame);
    const most = Math.ceil(stepsPerSecond() / 60);
    // The first frame may have begun before the clock was read.
    const seconds = Math.max(0, now - last) / 1000;
    due = paused ? 0 : Math.min(due + seconds * stepsPerSecond(), most + 1);
    last = now;
    const steps = Math.min(Math.floor(due), most);
    due -= steps;
    if (!paused) content?.refresh(view.gridSize);
    simulation.step(steps);
    if (steps > 0 || changed) draw();
    counted += steps;
    if (now - since > 1000) {
      showRate(counted, (now - since) / 1000);
      [counted, since] = [0, now];
    }
  };
  frameRequest = requestAnimationFrame(frame);
}

function start() {
  gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
  if (!gl) throw new Error("This page needs WebGL2, which this browser does not offer.");
  data.automata.forEach(({ name }, index) => {
    const button = document.createElement("button");
    button.textContent = name;
    button.onclick = () => choose(index);
    element("names").append(button);
  });
  view = new View(canvas);
  choose(0);
  listen();
  wake();
  run();
}

// Later on: another automaton may be too much for the graphics card.
addEventListener("error", ({ error }) => error && fail(error));
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
  get view() {
    return view;
  },
  choose,
  setPaused,
};
