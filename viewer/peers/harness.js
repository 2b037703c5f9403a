// Lets several ways of making a step take turns in one page, on a canvas each.
// Needs graphics.js and simulation.js. docs/BENCHMARKS.md says what a peer is.

const BATCH_SECONDS = 0.1;
const contestants = [];

function createContext() {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) throw new Error("this browser does not offer WebGL2.");
  return gl;
}

// Lichen's own step, on one kind of texture; gives its name.
function addLichen({ automaton, shaders, side, precision }) {
  const gl = createContext();
  const simulation = new Simulation(gl, automaton, shaders, [precision]);
  simulation.restart(side, side);
  return enter(gl, simulation, `html, ${simulation.precision.name}`);
}

// A module by its source; gives its name.
async function addPeer({ source, model, side }) {
  const peer = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const gl = createContext();
  return enter(gl, await peer.create(gl, model, side), String(peer.name));
}

// The first step compiles; the second says how many make a batch.
function enter(gl, runner, name) {
  const contestant = { gl, runner, batch: 1 };
  runBatch(contestant);
  const seconds = runBatch(contestant);
  contestant.batch = Math.max(1, Math.floor(BATCH_SECONDS / Math.max(seconds, 1e-6)));
  contestants.push(contestant);
  return name;
}

// Until the last step is really done: what is read back has to wait for it.
function runBatch({ gl, runner, batch }) {
  const begin = performance.now();
  runner.step(batch);
  gl.finish();
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return (performance.now() - begin) / 1000;
}

// Steps a second over so many seconds at least.
function takeTurn(index, seconds) {
  let [steps, elapsed] = [0, 0];
  while (elapsed < seconds) {
    elapsed += runBatch(contestants[index]);
    steps += contestants[index].batch;
  }
  return steps / elapsed;
}
