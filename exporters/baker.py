"""The baker: an automaton becomes one fragment shader, its weights written as literals.

The compiler schedules literals like any other constant; weights in uniforms or textures would
have to be fetched for every cell.
"""

import numpy as np
from numpy.typing import NDArray

from exporters.automaton import FILTERS, Automaton
from exporters.errors import LichenError
from exporters.shader_source import DESKTOP_VERSION, shader_source
from exporters.update_mask import firing_threshold

CHANNELS_PER_TEXTURE = 4
# One pass has to do, and WebGL2 promises four targets.
LARGEST_TEXTURES = 4

Weights = NDArray[np.float32]


def texture_count(channels: int) -> int:
    """How many RGBA textures hold so many channels."""
    return -(-channels // CHANNELS_PER_TEXTURE)


def bake(automaton: Automaton, version: str = DESKTOP_VERSION) -> str:
    """Write the fragment shader that advances `automaton` by one step.

    Raises:
        LichenError: the automaton has more channels than one pass can write, or weights that
            no shader can hold.
    """
    textures = texture_count(automaton.channels)
    if textures > LARGEST_TEXTURES:
        raise LichenError(
            f"{automaton.name} has {automaton.channels} channels, "
            f"a shader writes at most {LARGEST_TEXTURES * CHANNELS_PER_TEXTURE}; train it smaller."
        )
    return shader_source("step.frag", version).replace("#weights", _weights(automaton, textures))


def _weights(automaton: Automaton, textures: int) -> str:
    """Everything that differs from automaton to automaton, as GLSL."""
    lines = [
        f"#define TEXTURES {textures}",
        f"#define FIRING_THRESHOLD {firing_threshold(automaton.update_rate)}u",
        f"#define CLAMP(value) {clamp_expression(automaton)}",
        "",
        f"void update(vec4 p[{4 * textures}], out vec4 change[{textures}]) {{",
        *layers(automaton, "change[{texture}] = {bias};", "change[{texture}] += {product};"),
        "}",
    ]
    return "\n".join(lines)


def clamp_expression(automaton: Automaton) -> str:
    """GLSL that limits `value` as the automaton asks for."""
    if automaton.clamp is None:
        return "(value)"
    low, high = automaton.clamp
    return f"clamp(value, {number_literal(low)}, {number_literal(high)})"


def layers(automaton: Automaton, start: str, add: str) -> list[str]:
    """GLSL statements for both layers, from the perceived vec4s `p`; see step.frag.

    Four hidden units at a time, used as soon as they are known, so that few are live. `start` and
    `add` say what becomes of a `{texture}`: its `{bias}`, and each four units' `{product}`.

    Raises:
        LichenError: the weights are such as no shader can hold.
    """
    textures, groups = texture_count(automaton.channels), -(-automaton.hidden // 4)
    hidden_weight, hidden_bias, update_weight, update_bias = _padded(automaton, textures, groups)
    lines = [start.format(texture=k, bias=_vector(update_bias[k])) for k in range(textures)]
    lines.append("vec4 hidden;")
    for group in range(groups):
        lines.append(f"hidden = {_vector(hidden_bias[group])};")
        lines += [
            f"hidden += {_matrix(hidden_weight[group, :, vector])} * p[{vector}];"
            for vector in range(len(FILTERS) * textures)
        ]
        lines.append("hidden = max(hidden, 0.0);")
        lines += [
            add.format(texture=k, product=f"{_matrix(update_weight[k, :, group])} * hidden")
            for k in range(textures)
        ]
    return [f"    {line}" for line in lines]


def _padded(automaton: Automaton, textures: int, groups: int) -> tuple[Weights, ...]:
    """Pad with zeros to whole vec4s and fold the filter scales in.

    hidden_weight [groups, 4, textures * filters, 4], hidden_bias [groups, 4],
    update_weight [textures, 4, groups, 4], update_bias [textures, 4].
    """
    channels, hidden, filters = automaton.channels, automaton.hidden, len(FILTERS)
    with np.errstate(over="ignore"):
        scaled = automaton.hidden_weight.reshape(hidden, channels, filters)
        scaled = scaled * np.array(automaton.filter_scales, np.float32)
    if not np.isfinite(scaled).all():
        raise LichenError(
            f"{automaton.name}: weights times filter scales exceed float32; train it again."
        )
    hidden_weight = np.zeros((4 * groups, 4 * textures, filters), np.float32)
    hidden_weight[:hidden, :channels] = scaled
    hidden_weight = hidden_weight.reshape(groups, 4, textures, 4, filters).swapaxes(3, 4)
    update_weight = np.zeros((4 * textures, 4 * groups), np.float32)
    update_weight[:channels, :hidden] = automaton.update_weight
    return (
        hidden_weight.reshape(groups, 4, textures * filters, 4),
        np.pad(automaton.hidden_bias, (0, 4 * groups - hidden)).reshape(groups, 4),
        update_weight.reshape(textures, 4, groups, 4),
        np.pad(automaton.update_bias, (0, 4 * textures - channels)).reshape(textures, 4),
    )


def _matrix(matrix: Weights) -> str:
    """A mat4 literal of [row, column]; GLSL lists its numbers column by column."""
    return f"mat4({', '.join(map(number_literal, matrix.T.ravel()))})"


def _vector(vector: Weights) -> str:
    return f"vec4({', '.join(map(number_literal, vector))})"


def number_literal(value: float | np.float32) -> str:
    """The shortest decimal that reads back as the same float32."""
    return str(np.float32(value))
