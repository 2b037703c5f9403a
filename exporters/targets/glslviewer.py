"""`glslviewer`: one fragment shader for glslViewer, with a double buffer for the cells."""

from collections.abc import Sequence

from exporters.automaton import Automaton
from exporters.targets.target import ExportOptions, Files, Target
from exporters.targets.tiled import TiledHost

# Its shaders carry no version line, so their language may be as old as GLSL 1.20.
HOST = TiledHost(has_integers=False, content_shader="glslviewer_content.glsl")


def export(automata: Sequence[Automaton], options: ExportOptions) -> Files:
    """The shader. Raises LichenError for weights that no shader can hold."""
    (automaton,) = automata
    width, height = HOST.buffer_texels(automaton, options.grid)
    source = HOST.commented_shader("glslviewer.frag", automaton, options)
    source = source.replace("#buffer_size", f"{width}x{height}")
    source = source.replace("#buffer_texels", f"{width}.0, {height}.0")
    return {"automaton.frag": source.encode()}


TARGET = Target(
    name="glslviewer",
    title="glslViewer",
    summary="one fragment shader for glslViewer",
    export=export,
    suffix=".frag",
    options=("grid", "random_seed"),
)
