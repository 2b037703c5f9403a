// One automaton on a torus. Needs graphics.js and no page: whatever shows automata builds on it.
//
// A state is one RGBA texture for every four channels; texel (x, y) is the cell in column x and
// row y, row 0 the top. Places and radii are in cells. The shaders are Lichen's own.

const DISPLAYS = ["rgb+0.5", "premultiplied rgba over white", "grey"];
// Keeps the seeding noise apart from the update masks, which hash the same coordinates.
const SEED_SALT = 0x5eed5eed;

class Simulation {
  // `automaton` and `shaders` are as exporters/html.py writes them; `precisions` are the keys of
  // those that may be used. Throws an Error with a sentence for the reader where the graphics card
  // cannot.
  constructor(gl, automaton, shaders, precisions = PRECISIONS.map(({ key }) => key)) {
    this.gl = gl;
    this.automaton = automaton;
    this.targets = {};
    this.precision = choosePrecision(gl, precisions);
    const define = this.keepsBytes ? "\n#define EIGHT_BITS\n" : "\n";
    const overGrid = (fragmentSource) =>
      new Program(gl, shaders["fullscreen.vert"], fragmentSource.replace("\n", define));
    this.programs = {
      step: overGrid(bakedShader(shaders.steps[automaton.step], automaton.weights)),
      alive: overGrid(shaders["alive.frag"]),
      paint: overGrid(shaders["paint.frag"]),
      ...(automaton.content_channels && { fade: overGrid(shaders["fade.frag"]) }),
      display: overGrid(shaders["display.frag"]),
      screen: new Program(gl, shaders["screen.vert"], shaders["screen.frag"]),
    };
    this.colour = this.createTarget(1, 1);
  }

  get keepsBytes() {
    return this.precision.format === "RGBA8";
  }

  get width() {
    return this.targets.current.width;
  }

  get height() {
    return this.targets.current.height;
  }

  // Begins again from the automaton's own seed.
  restart(width, height, randomSeed = 0) {
    deleteTargets(this.gl, this.targets);
    this.createGrid(width, height);
    this.randomSeed = randomSeed;
    this.stepCount = 0;
    const value = seedFunction(this.automaton, width, height, randomSeed);
    this.targets.current.textures.forEach((texture, k) => {
      const cells = new Float32Array(4 * width * height);
      for (let index = 0; index < cells.length; index++) {
        const channel = 4 * k + (index % 4);
        const cell = index >> 2;
        if (channel < this.automaton.channels)
          cells[index] = value(channel, cell % width, Math.floor(cell / width));
      }
      this.upload(texture, width, height, cells);
    });
  }

  // Lets a filter see a picture from now on: RGBA values of every cell, colours less 0.5 and 0. Of
  // what it had made of another picture so large a share stays, 0 to 1.
  setContent(texels, memory = 1) {
    if (memory < 1) this.fade(memory);
    this.content = Float32Array.from(texels);
    this.uploadContent();
  }

  // Takes on another size; what there is keeps its place and repeats where there is more room.
  resize(width, height) {
    if (width === this.width && height === this.height) return;
    const old = this.targets;
    this.createGrid(width, height);
    this.fillStroke([0, 0], [0, 0], width + height, old.current.textures);
    deleteTargets(this.gl, old);
  }

  step(count = 1) {
    const { targets, automaton } = this;
    for (let index = 0; index < count; index++) {
      const before = targets.current.textures;
      const after = automaton.alive_masking ? targets.unmasked : targets.next;
      this.programs.step.draw(after, before, {
        state: ["uniform1iv", before.map((_, unit) => unit)],
        step_index: ["uniform1ui", this.stepCount++],
        random_seed: ["uniform1ui", this.randomSeed],
      });
      if (automaton.alive_masking) this.wipeDead(before[0], after.textures);
      [targets.current, targets.next] = [targets.next, targets.current];
    }
  }

  // Sets all cells within the radius of the line from `start` to `end`, across the edges too.
  erase(start, end, radius) {
    const { channels, erase_value } = this.automaton;
    this.paintChannels(start, end, radius, Array(channels).fill(erase_value));
  }

  // Like erase, with a colour of three parts from 0 to 1.
  paint(start, end, radius, [red, green, blue]) {
    const channels = {
      "rgb+0.5": [red - 0.5, green - 0.5, blue - 0.5],
      "premultiplied rgba over white": [red, green, blue, 1],
      grey: [0.2126 * red + 0.7152 * green + 0.0722 * blue - 0.5],
    };
    this.paintChannels(start, end, radius, channels[this.automaton.display]);
  }

  // Draws the grid and its copies over the whole canvas; `centre` is what its middle shows.
  show(centre, pixelsPerCell) {
    const { canvas } = this.gl;
    const { current, picture } = this.targets;
    this.programs.display.draw(picture, [current.textures[0]], {
      display: ["uniform1i", DISPLAYS.indexOf(this.automaton.display)],
    });
    this.programs.screen.draw(null, picture.textures, {
      grid_cells: ["uniform2f", this.width, this.height],
      view_pixels: ["uniform2f", canvas.width, canvas.height],
      centre_cells: ["uniform2f", ...centre],
      pixels_per_cell: ["uniform1f", pixelsPerCell],
    });
  }

  // The state as one array: channel by channel, row by row from the top.
  readState() {
    const { gl, width, height } = this;
    const { channels } = this.automaton;
    const state = new Float32Array(channels * width * height);
    const cells = new (this.keepsBytes ? Uint8Array : Float32Array)(4 * width * height);
    const type = this.keepsBytes ? gl.UNSIGNED_BYTE : gl.FLOAT;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.targets.current.framebuffer);
    for (let channel = 0; channel < channels; channel++) {
      if (channel % 4 === 0) {
        gl.readBuffer(gl.COLOR_ATTACHMENT0 + channel / 4);
        gl.readPixels(0, 0, width, height, gl.RGBA, type, cells);
      }
      const first = channel * width * height;
      for (let cell = 0; cell < width * height; cell++)
        state[first + cell] = cells[4 * cell + (channel % 4)];
    }
    return this.keepsBytes ? state.map(valueOfByte) : state;
  }

  // Gives everything back to the graphics card.
  dispose() {
    deleteTargets(this.gl, { ...this.targets, colour: this.colour });
    Object.values(this.programs).forEach(({ handle }) => this.gl.deleteProgram(handle));
  }

  createTarget(width, height) {
    const count = Math.ceil(this.automaton.channels / 4);
    return createTarget(this.gl, this.precision.format, width, height, count);
  }

  createGrid(width, height) {
    const { gl, automaton } = this;
    this.content = undefined; // It had the old size.
    this.targets = {
      current: this.createTarget(width, height),
      next: this.createTarget(width, height),
      picture: createTarget(gl, "RGBA8", width, height, 1, gl.LINEAR),
    };
    if (automaton.alive_masking) this.targets.unmasked = this.createTarget(width, height);
  }

  wipeDead(before, after) {
    this.programs.alive.draw(this.targets.next, [...after, before], {
      before: ["uniform1i", after.length],
      after: ["uniform1iv", fourUnits(after.length)],
    });
  }

  upload(texture, width, height, cells) {
    const { gl } = this;
    const type = this.keepsBytes ? gl.UNSIGNED_BYTE : gl.FLOAT;
    const texels = this.keepsBytes ? Uint8Array.from(cells, byteOfValue) : cells;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, type, texels);
  }

  uploadContent() {
    if (!this.content) return;
    this.upload(this.targets.current.textures.at(-1), this.width, this.height, this.content);
  }

  fade(memory) {
    const { current, next } = this.targets;
    this.programs.fade.draw(next, current.textures, {
      before: ["uniform1iv", fourUnits(current.textures.length)],
      memory: ["uniform1f", memory],
    });
    [this.targets.current, this.targets.next] = [next, current];
  }

  paintChannels(start, end, radius, channels) {
    this.colour.textures.forEach((texture, k) => {
      const cell = new Float32Array(4);
      cell.set(channels.slice(4 * k, 4 * k + 4));
      this.upload(texture, 1, 1, cell);
    });
    this.fillStroke(start, end, radius, this.colour.textures);
  }

  fillStroke(start, end, radius, textures) {
    const size = [this.width, this.height];
    const reach = Math.min(radius, this.width + this.height);
    const copy = (nearest, sign) =>
      size.map((cells, axis) =>
        Math.floor((nearest(start[axis], end[axis]) + sign * reach) / cells),
      );
    this.programs.paint.draw(this.targets.current, textures, {
      segment_start: ["uniform2f", ...start],
      segment_end: ["uniform2f", ...end],
      radius_cells: ["uniform1f", reach],
      grid_cells: ["uniform2f", ...size],
      first_copy: ["uniform2i", ...copy(Math.min, -1)],
      last_copy: ["uniform2i", ...copy(Math.max, 1)],
      fill: ["uniform1iv", fourUnits(textures.length)],
    });
    this.uploadContent();
  }
}

// A state of bytes; exporters/eight_bit.py is the twin, and shaders/state_format.glsl in GLSL.
const RANGE = 4;
const ZERO_BYTE = 127;

function byteOfValue(value) {
  return Math.min(Math.max(Math.floor((value * 255) / RANGE + ZERO_BYTE + 0.5), 0), 255);
}

function valueOfByte(byte) {
  return ((byte - ZERO_BYTE) * RANGE) / 255;
}

// Shaders with four samplers want all of them bound; those beyond `count` go unread.
function fourUnits(count) {
  return [0, 1, 2, 3].map((k) => Math.min(k, count - 1));
}

// A baked shader is the same for all automata of its kind but for the numbers: these come apart,
// as little-endian float32 in base64, and go into the empty vec4() and mat4() in their order.
// The shader comes as pairs of a text and how often it is repeated.
function bakedShader(pieces, base64) {
  const source = pieces.map(([text, count]) => text.repeat(count)).join("");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const numbers = new Float32Array(bytes.buffer);
  let used = 0;
  return source.replace(/\b(vec4|mat4)\(\)/g, (_, type) => {
    const group = numbers.subarray(used, (used += type === "vec4" ? 4 : 16));
    return `${type}(${Array.from(group, (number) => number.toPrecision(9))})`;
  });
}

// What a channel of the cell (x, y) holds before the first step; exporters/seed.py is its twin.
function seedFunction({ seed, channels }, width, height, randomSeed) {
  if (seed.kind === "single cell") {
    const [column, row] = [Math.floor(width / 2), Math.floor(height / 2)];
    const first = Math.min(3, channels - 1);
    return (channel, x, y) => Number(channel >= first && x === column && y === row);
  }
  if (seed.kind === "uniform") {
    const salted = pcg((randomSeed ^ SEED_SALT) >>> 0);
    return (channel, x, y) => {
      const hash = pcg(x + pcg(y + pcg(channel + salted)));
      return seed.low + (seed.high - seed.low) * ((hash >>> 8) / 2 ** 24);
    };
  }
  return () => 0;
}

// Arguments may exceed 32 bits by little; everything wraps.
function pcg(value) {
  const state = (Math.imul(value, 747796405) + 2891336453) >>> 0;
  const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
  return ((word >>> 22) ^ word) >>> 0;
}
