"""Shaders for hosts that keep a picture from frame to frame: the whole state lies in one, in tiles.

A buffer for every four channels would not do, since a host's later buffers already see what its
earlier ones have become. The shaders are in shaders/hosts; layout.glsl says how a state lies in its
buffer.
"""

from dataclasses import dataclass

from exporters.arithmetic_noise import arithmetic_threshold, noise_key
from exporters.automaton import Automaton
from exporters.baker import clamp_expression, layers, number_literal, texture_count
from exporters.seed import SEED_SALT
from exporters.shader_source import shader_source
from exporters.targets.comments import comment_lines
from exporters.targets.target import ExportOptions
from exporters.update_mask import firing_threshold

# The row of texels below the tiles.
RECORD_ROWS = 1

SEED_KINDS = ("zeros", "uniform", "single cell")
SHOWN = {
    "rgb+0.5": "(channels.rgb + 0.5)",
    "premultiplied rgba over white": "(channels.rgb + 1.0 - clamp(channels.a, 0.0, 1.0))",
    "grey": "(channels.rrr + 0.5)",
}


@dataclass(frozen=True)
class TiledHost:
    """What a host asks of its shaders."""

    has_integers: bool
    """Whether its GLSL has uint; without, noise is exporters/arithmetic_noise.py."""
    content_shader: str
    """The file of shaders/hosts that knows where a filter's picture is."""
    fixed_tiles: tuple[int, int] | None = None
    """Tiles beside and above each other, some perhaps empty; else as many as it takes in a row."""

    def tiles(self, automaton: Automaton) -> tuple[int, int]:
        """How many tiles lie beside and above each other."""
        return self.fixed_tiles or (texture_count(automaton.channels), 1)

    def buffer_texels(self, automaton: Automaton, grid: tuple[int, int]) -> tuple[int, int]:
        """Width and height of the buffer that holds a grid."""
        across, up = self.tiles(automaton)
        return across * grid[0], up * grid[1] + RECORD_ROWS

    def shader(self, name: str, automaton: Automaton, options: ExportOptions) -> str:
        """A file of shaders/hosts with its includes, numbers and weights in place.

        Raises:
            LichenError: the weights are such as no shader can hold.
        """
        source = shader_source(f"hosts/{name}")
        source = source.replace("#constants", _constants(automaton, self.tiles(automaton)))
        source = source.replace("#content\n\n", self._content(automaton))
        return source.replace("#weights", self._weights(automaton, options))

    def commented_shader(self, name: str, automaton: Automaton, options: ExportOptions) -> str:
        """The same under what is known of the automaton, as comments."""
        return comment_lines(automaton) + self.shader(name, automaton, options)

    def _content(self, automaton: Automaton) -> str:
        if not automaton.content_channels:
            return ""
        return shader_source(f"hosts/{self.content_shader}") + "\n"

    def _weights(self, automaton: Automaton, options: ExportOptions) -> str:
        """What only the cells need to know, and the layers of the tile at hand."""
        tiles, seed = texture_count(automaton.channels), automaton.seed
        lines = [
            f"#define TEXTURES {tiles}",
            f"#define CHANNELS {automaton.channels}.0",
            f"#define CONTENT {int(automaton.content_channels > 0)}",
            f"#define CLAMP(value) {clamp_expression(automaton)}",
            f"#define ERASE_VALUE {number_literal(automaton.erase_value)}",
            f"#define SEED_KIND {SEED_KINDS.index(seed.kind)} // {', '.join(SEED_KINDS)}",
            f"#define SEED_LOW {number_literal(seed.low)}",
            f"#define SEED_HIGH {number_literal(seed.high)}",
            f"#define FIRING_THRESHOLD {self._firing_threshold(automaton)}.0",
            f"#define STEP_KEY {self._key(options.random_seed)}",
            f"#define SEED_KEY {self._key(options.random_seed ^ SEED_SALT)}",
            "",
            "// How much the tile's channels change. p holds the four filters of channels 0 to 3,",
            "// then of the next four.",
            f"vec4 update(vec4 p[{4 * tiles}], float tile) {{",
            "    vec4 change;",
            *layers(
                automaton,
                start="if (tile == {texture}.0) change = {bias};",
                add="if (tile == {texture}.0) change += {product};",
            ),
            "    return change;",
            "}",
        ]
        return "\n".join(lines)

    def _firing_threshold(self, automaton: Automaton) -> int:
        threshold = firing_threshold if self.has_integers else arithmetic_threshold
        return threshold(automaton.update_rate)

    def _key(self, random_seed: int) -> str:
        if self.has_integers:
            return f"{random_seed}u"
        return f"vec3({', '.join(f'{part}.0' for part in noise_key(random_seed))})"


def _constants(automaton: Automaton, tiles: tuple[int, int]) -> str:
    """What both the cells and their picture need to know."""
    lines = [
        f"#define TILES vec2({tiles[0]}.0, {tiles[1]}.0)",
        f"#define ALIVE_MASKING {int(automaton.alive_masking)}",
        f"#define SHOWN(channels) {SHOWN[automaton.display]}",
    ]
    return "\n".join(lines)
