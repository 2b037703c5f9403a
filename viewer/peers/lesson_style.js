// A step as lessons write it: weights in constant arrays that loops walk through, and one pass for
// every four channels, each of which computes the whole hidden layer again. Float32 textures.
//
// It is here to be measured beside Lichen's own, and to show what a peer looks like.

export const name = "lesson style, float32";

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

export function create(gl, model, side) {
  gl.getExtension("EXT_color_buffer_float");
  const groups = Math.ceil(model.channels / 4);
  const programs = range(groups).map((group) => compile(gl, fragmentSource(model, groups, group)));
  let current = createState(gl, groups, side);
  let next = createState(gl, groups, side);
  let stepIndex = 0;
  return {
    // Leaves the framebuffer bound that holds the new channels 0 to 3.
    step(count) {
      gl.viewport(0, 0, side, side);
      for (let done = 0; done < count; done++) {
        current.forEach(({ texture }, unit) => {
          gl.activeTexture(gl.TEXTURE0 + unit);
          gl.bindTexture(gl.TEXTURE_2D, texture);
        });
        for (const group of range(groups)) {
          gl.useProgram(programs[group]);
          const place = (uniform) => gl.getUniformLocation(programs[group], uniform);
          gl.uniform1iv(place("state"), range(groups));
          gl.uniform1f(place("step_index"), stepIndex);
          gl.bindFramebuffer(gl.FRAMEBUFFER, next[group].framebuffer);
          gl.drawArrays(gl.TRIANGLES, 0, 3);
        }
        [current, next] = [next, current];
        stepIndex += 1;
      }
      gl.bindFramebuffer(gl.FRAMEBUFFER, current[0].framebuffer);
    },
  };
}

function fragmentSource(model, groups, group) {
  const { channels, hidden, filterScales, clamp } = model;
  const first = (unit, channel, filter) =>
    channel < channels
      ? model.hiddenWeight[(unit * channels + channel) * 4 + filter] * filterScales[filter]
      : 0;
  const last = (channel, unit) =>
    channel < channels ? model.updateWeight[channel * hidden + unit] : 0;
  const four = (value) => `vec4(${range(4).map((part) => float(value(part)))})`;
  const vectors = 4 * groups;
  const hiddenWeights = range(hidden).flatMap((unit) =>
    range(vectors).map((vector) =>
      four((part) => first(unit, 4 * Math.floor(vector / 4) + part, vector % 4)),
    ),
  );
  const updateWeights = range(hidden).map((unit) => four((part) => last(4 * group + part, unit)));
  const updateBias = four((part) => model.updateBias[4 * group + part] ?? 0);
  const limits = clamp ? clamp.map(float) : undefined;
  return `#version 300 es
precision highp float;
uniform sampler2D state[${groups}];
uniform float step_index;
out vec4 new_group;

const vec4 HIDDEN_WEIGHTS[${hiddenWeights.length}] = vec4[](${hiddenWeights});
const float HIDDEN_BIASES[${hidden}] = float[](${Array.from(model.hiddenBias, float)});
const vec4 UPDATE_WEIGHTS[${hidden}] = vec4[](${updateWeights});

vec4 perceived[${vectors}];

void perceive(sampler2D channels, int first) {
  ivec2 size = textureSize(channels, 0);
  vec4 near[9];
  for (int k = 0; k < 9; k++) {
    ivec2 cell = ivec2(gl_FragCoord.xy) + ivec2(k % 3, k / 3) - 1;
    near[k] = texelFetch(channels, (cell + size) % size, 0);
  }
  perceived[first] = near[4];
  perceived[first + 1] = near[2] + 2.0 * near[5] + near[8] - near[0] - 2.0 * near[3] - near[6];
  perceived[first + 2] = near[6] + 2.0 * near[7] + near[8] - near[0] - 2.0 * near[1] - near[2];
  perceived[first + 3] = near[0] + near[2] + near[6] + near[8]
      + 2.0 * (near[1] + near[3] + near[5] + near[7]) - 12.0 * near[4];
}

float random() {
  vec2 place = gl_FragCoord.xy + 17.0 * mod(step_index, 1009.0);
  return fract(sin(dot(place, vec2(12.9898, 78.233))) * 43758.5453);
}

void main() {
${range(groups).map((k) => `  perceive(state[${k}], ${4 * k});`).join("\n")}
  vec4 change = ${updateBias};
  for (int unit = 0; unit < ${hidden}; unit++) {
    float sum = HIDDEN_BIASES[unit];
    for (int k = 0; k < ${vectors}; k++)
      sum += dot(HIDDEN_WEIGHTS[unit * ${vectors} + k], perceived[k]);
    change += max(sum, 0.0) * UPDATE_WEIGHTS[unit];
  }
  vec4 old = perceived[${4 * group}];
  new_group = random() < ${float(model.updateRate)} ? old + change : old;
  ${limits ? `new_group = clamp(new_group, ${limits});` : ""}
}`;
}

function createState(gl, groups, side) {
  return range(groups).map(() => {
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, side, side);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    const framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, framebuffer };
  });
}

function compile(gl, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getAttachedShaders(program).map((each) => gl.getShaderInfoLog(each)).join());
  return program;
}

const range = (count) => Array.from({ length: count }, (_, index) => index);
const float = (value) => value.toExponential(8);
