// A neural cellular automaton as a texture for three.js: it grows, moves and heals on any mesh.
//
//   const automaton = new Automaton(renderer, { width: 256, height: 256 });
//   const material = new THREE.MeshStandardMaterial({ map: automaton.texture });
//   renderer.setAnimationLoop(() => {
//     automaton.step();
//     renderer.render(scene, camera);
//   });
//
// It needs WebGLRenderer. The state lies in render targets, four channels a texture; shaders.js
// holds the automaton itself.

import * as THREE from "three";
import * as shaders from "./shaders.js";

const { CHANNELS, TEXTURES } = shaders;

export class Automaton {
  // The grid is width x height cells, and its opposite edges meet. A random seed gives the same
  // course of events each time. Throws an Error where the graphics card cannot compute it.
  constructor(renderer, { width = 256, height = 256, randomSeed = 0 } = {}) {
    this.renderer = renderer;
    this.width = width;
    this.height = height;
    this.materials = createMaterials(width, height);
    const type = stateType(renderer);
    const createState = () =>
      new THREE.WebGLRenderTarget(width, height, {
        count: TEXTURES,
        type,
        magFilter: THREE.NearestFilter,
        minFilter: THREE.NearestFilter,
        wrapS: THREE.RepeatWrapping,
        wrapT: THREE.RepeatWrapping,
        depthBuffer: false,
      });
    // The cells' present, their next step, and where cells die also that step before they do.
    this.current = createState();
    this.next = createState();
    this.unmasked = shaders.alive ? createState() : null;
    this.colour = new THREE.WebGLRenderTarget(width, height, {
      colorSpace: THREE.SRGBColorSpace,
      wrapS: THREE.RepeatWrapping,
      wrapT: THREE.RepeatWrapping,
      minFilter: THREE.LinearMipmapLinearFilter,
      generateMipmaps: true,
      anisotropy: 8,
      depthBuffer: false,
    });
    this.reset(randomSeed);
  }

  // What materials take as `map`. It repeats, and may be given another `repeat` or `offset`.
  get texture() {
    return this.colour.texture;
  }

  // Begins again.
  reset(randomSeed = this.randomSeed) {
    this.randomSeed = randomSeed >>> 0;
    this.stepCount = 0;
    this.draw(this.materials.seed, this.current, { random_seed: this.randomSeed });
    this.look();
    this.show();
  }

  // Advances by so many steps; 1 or 2 a frame look alive, more look hasty.
  step(count = 1) {
    for (let index = 0; index < count; index++) {
      this.draw(this.materials.step, this.unmasked ?? this.next, {
        state: this.current.textures,
        step_index: this.stepCount++,
        random_seed: this.randomSeed,
      });
      if (this.unmasked) this.wipeDead();
      [this.current, this.next] = [this.next, this.current];
    }
    this.show();
  }

  // Wounds a disc about a point of a mesh: `uv` as a Raycaster's intersection has it.
  erase(uv, radiusCells = 12) {
    this.texture.updateMatrix();
    const place = this.texture.transformUv(new THREE.Vector2().copy(uv));
    const centre = [place.x * this.width, (1 - place.y) * this.height];
    const largest = Math.min(this.width, this.height) / 2;
    this.draw(this.materials.erase, this.current, {
      centre_cells: centre,
      radius_cells: Math.min(radiusCells, largest),
    });
    this.look();
    this.show();
  }

  // Lets a living filter see the middle of a picture: a texture that has no colorSpace of its own,
  // as loaders make it. Once is enough for a still; do it in every frame for a film.
  look(picture = this.picture, strength = this.strength ?? 1) {
    if (!this.materials.content || !picture) return;
    Object.assign(this, { picture, strength });
    const state = this.current.textures;
    this.draw(this.materials.content, this.next, { state, picture, strength });
    [this.current, this.next] = [this.next, this.current];
  }

  // The state as one array: channel by channel, row by row from the top. Slow; for experiments.
  readState() {
    const { width, height, renderer, current } = this;
    const state = new Float32Array(CHANNELS * width * height);
    const isFloat = current.texture.type === THREE.FloatType;
    const texels = new (isFloat ? Float32Array : Uint16Array)(4 * width * height);
    const toNumber = isFloat ? (value) => value : THREE.DataUtils.fromHalfFloat;
    for (let channel = 0; channel < CHANNELS; channel++) {
      if (channel % 4 === 0) {
        const k = channel / 4;
        renderer.readRenderTargetPixels(current, 0, 0, width, height, texels, undefined, k);
      }
      for (let cell = 0; cell < width * height; cell++)
        state[channel * width * height + cell] = toNumber(texels[4 * cell + (channel % 4)]);
    }
    return state;
  }

  // Gives everything back to the graphics card.
  dispose() {
    for (const target of [this.current, this.next, this.unmasked, this.colour]) target?.dispose();
    for (const material of Object.values(this.materials)) material.dispose();
  }

  // Cells stay only where they touch a living one before the step and after it.
  wipeDead() {
    const after = this.unmasked.textures;
    this.draw(this.materials.alive, this.next, {
      before: this.current.texture,
      after: [0, 1, 2, 3].map((k) => after[Math.min(k, TEXTURES - 1)]),
    });
  }

  show() {
    this.draw(this.materials.colour, this.colour, { state: this.current.texture });
  }

  // Runs a shader over all cells of a target, and leaves the renderer as it was.
  draw(material, target, uniforms) {
    const { renderer } = this;
    for (const [name, value] of Object.entries(uniforms)) material.uniforms[name] = { value };
    const before = [
      renderer.getRenderTarget(),
      renderer.getActiveCubeFace(),
      renderer.getActiveMipmapLevel(),
    ];
    const { autoClear } = renderer;
    const xrEnabled = renderer.xr.enabled;
    renderer.autoClear = false;
    renderer.xr.enabled = false;
    renderer.setRenderTarget(target);
    TRIANGLE.material = material;
    renderer.render(TRIANGLE, CAMERA);
    renderer.setRenderTarget(...before);
    renderer.autoClear = autoClear;
    renderer.xr.enabled = xrEnabled;
  }
}

// One triangle that covers everything; the vertex shader knows its corners.
const TRIANGLE = new THREE.Mesh(
  new THREE.BufferGeometry().setAttribute(
    "position",
    new THREE.BufferAttribute(new Float32Array(9), 3),
  ),
);
TRIANGLE.frustumCulled = false;
const CAMERA = new THREE.Camera();

function createMaterials(width, height) {
  const gridCells = new THREE.Vector2(width, height);
  const create = (fragmentShader) =>
    new THREE.RawShaderMaterial({
      glslVersion: THREE.GLSL3,
      vertexShader: shaders.fullscreen,
      fragmentShader,
      uniforms: { grid_cells: { value: gridCells } },
      blending: THREE.NoBlending,
      depthTest: false,
      depthWrite: false,
    });
  const materials = {
    step: create(shaders.step),
    seed: create(shaders.seed),
    erase: create(shaders.erase),
    colour: create(shaders.colour),
  };
  if (shaders.alive) materials.alive = create(shaders.alive);
  if (shaders.content) materials.content = create(shaders.content);
  return materials;
}

// Full precision where the graphics card can draw to it, else half of it, as on many phones.
function stateType(renderer) {
  if (!renderer.isWebGLRenderer) throw new Error("The automaton needs THREE.WebGLRenderer.");
  const { extensions } = renderer;
  if (extensions.has("EXT_color_buffer_float")) return THREE.FloatType;
  if (extensions.has("EXT_color_buffer_half_float")) return THREE.HalfFloatType;
  throw new Error("This graphics card cannot draw into textures of fractions.");
}
