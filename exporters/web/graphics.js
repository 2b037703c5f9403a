// What a simulation needs of WebGL2: textures to draw to, and programs that draw one triangle.

// How a state can be kept, the best first; `key` is what addresses call it.
const PRECISIONS = [
  {
    key: "float",
    name: "float32",
    format: "RGBA32F",
    extensions: ["EXT_color_buffer_float"],
  },
  {
    key: "half",
    name: "half float",
    format: "RGBA16F",
    extensions: ["EXT_color_buffer_float", "EXT_color_buffer_half_float"],
  },
  { key: "8bit", name: "8 bits", format: "RGBA8", extensions: [] },
];

// The first that the graphics card can draw to. Throws an Error with a sentence for the reader
// where none of the keys will do.
function choosePrecision(gl, keys) {
  for (const precision of PRECISIONS.filter(({ key }) => keys.includes(key))) {
    const offered = precision.extensions.filter((extension) => gl.getExtension(extension));
    if (offered.length === 0 && precision.extensions.length > 0) continue;
    const target = createTarget(gl, precision.format, 1, 1, 1);
    const status = gl.checkFramebufferStatus(gl.FRAMEBUFFER);
    deleteTargets(gl, { target });
    if (status === gl.FRAMEBUFFER_COMPLETE) return precision;
  }
  throw new Error("This graphics card cannot draw into such textures.");
}

function createTexture(gl, format, width, height, filter = gl.NEAREST) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl[format], width, height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
  return texture;
}

// Textures of one size and the framebuffer that draws into all of them, which stays bound.
function createTarget(gl, format, width, height, count, filter) {
  const textures = Array.from({ length: count }, () =>
    createTexture(gl, format, width, height, filter),
  );
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  textures.forEach((texture, k) => {
    const attachment = gl.COLOR_ATTACHMENT0 + k;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, attachment, gl.TEXTURE_2D, texture, 0);
  });
  gl.drawBuffers(textures.map((_, k) => gl.COLOR_ATTACHMENT0 + k));
  return { textures, framebuffer, width, height };
}

function deleteTargets(gl, targets) {
  for (const { textures, framebuffer } of Object.values(targets)) {
    textures.forEach((texture) => gl.deleteTexture(texture));
    gl.deleteFramebuffer(framebuffer);
  }
}

class Program {
  // Throws an Error with the compiler's words.
  constructor(gl, vertexSource, fragmentSource) {
    this.gl = gl;
    this.handle = gl.createProgram();
    this.places = {};
    this.attach(gl.VERTEX_SHADER, vertexSource);
    this.attach(gl.FRAGMENT_SHADER, fragmentSource);
    gl.linkProgram(this.handle);
    if (gl.getProgramParameter(this.handle, gl.LINK_STATUS) || gl.isContextLost()) return;
    const logs = gl.getAttachedShaders(this.handle).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error([...logs, gl.getProgramInfoLog(this.handle)].join("\n"));
  }

  attach(kind, source) {
    const shader = this.gl.createShader(kind);
    this.gl.shaderSource(shader, source);
    this.gl.compileShader(shader);
    this.gl.attachShader(this.handle, shader);
    this.gl.deleteShader(shader); // It goes when the program does.
  }

  // Covers a target, or the canvas where it is null, with one triangle. `textures` are bound to
  // units 0, 1, ...; `uniforms` gives for each name WebGL's setter and its arguments.
  draw(target, textures, uniforms) {
    const gl = this.gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, target && target.framebuffer);
    const { width, height } = target ?? gl.canvas;
    gl.viewport(0, 0, width, height);
    textures.forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.useProgram(this.handle);
    for (const [name, [setter, ...values]] of Object.entries(uniforms)) {
      this.places[name] ??= gl.getUniformLocation(this.handle, name);
      gl[setter](this.places[name], ...values);
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
