"""Compiled shaders: a cache, readable errors, and reloading that keeps the last good program."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import moderngl

from exporters.errors import LichenError
from exporters.shader_source import shader_files, shader_source

FULLSCREEN = "fullscreen.vert"
# A large automaton takes the processor's own driver about 20 MB.
LARGEST_CACHE = 6
LINES_AROUND_ERROR = 2
# Where drivers name the line: "0:12(5): error" Mesa, "0(12) : error" Nvidia, "ERROR: 0:12:" others.
ERROR_LINE = re.compile(r"^(?:ERROR: )?\d+(?::(\d+)|\((\d+)\))", re.MULTILINE)


class Programs:
    """The fullscreen programs of one context; the least recently used are let go."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._compiled: dict[tuple[str, str], moderngl.VertexArray] = {}

    def fullscreen(
        self, fragment_source: str, vertex_name: str = FULLSCREEN
    ) -> moderngl.VertexArray:
        """Compile a fragment shader that runs over the whole viewport, or find it in the cache.

        Draw it with `draw`; `.program` holds its uniforms.

        Raises:
            LichenError: the shader does not compile; the text shows the lines at fault.
        """
        sources = (shader_source(vertex_name), fragment_source)
        compiled = self._compiled.pop(sources, None) or self._compile(*sources)
        self._compiled[sources] = compiled
        while len(self._compiled) > LARGEST_CACHE:
            del self._compiled[next(iter(self._compiled))]
        return compiled

    def _compile(self, vertex_source: str, fragment_source: str) -> moderngl.VertexArray:
        try:
            program = self._context.program(
                vertex_shader=vertex_source, fragment_shader=fragment_source
            )
        except moderngl.Error as error:
            source = vertex_source if "vertex_shader" in str(error) else fragment_source
            raise LichenError(explain_error(source, str(error))) from error
        return self._context.vertex_array(program, [])


def programs_of(context: moderngl.Context) -> Programs:
    """The one cache of a context."""
    if context.extra is None:
        # A program may still be in use when the cache drops it: the last user takes it along.
        context.gc_mode = "auto"
        context.extra = Programs(context)
    assert isinstance(context.extra, Programs)
    return context.extra


class ReloadingProgram:
    """A program that follows its files while they are edited; a broken edit changes nothing."""

    def __init__(
        self,
        context: moderngl.Context,
        fragment_name: str,
        vertex_name: str = FULLSCREEN,
        build: Callable[[], str] | None = None,
    ) -> None:
        """`build` gives the source that the fragment shader ends up as, if not its own text.

        Raises:
            LichenError: a shader cannot be read or does not compile.
        """
        self._programs = programs_of(context)
        self._names = (fragment_name, vertex_name)
        self._build = build or partial(shader_source, fragment_name)
        self._stamps = self._read_stamps()
        self.vertex_array = self._compile()

    def poll_changes(self) -> str | None:
        """Compile again if a file changed; the text says why the last good program stays.

        Gives None where nothing changed or the new program is in use.
        """
        try:
            stamps = self._read_stamps()
            if stamps == self._stamps:
                return None
            self._stamps = stamps
            self.vertex_array = self._compile()
        except (LichenError, OSError) as error:
            return str(error)
        return None

    def _compile(self) -> moderngl.VertexArray:
        return self._programs.fullscreen(self._build(), self._names[1])

    def _read_stamps(self) -> dict[Path, float]:
        files = [path for name in self._names for path in shader_files(name)]
        return {path: path.stat().st_mtime for path in files if path.exists()}


def draw(
    vertex_array: moderngl.VertexArray, vertices: int = 3, instances: int = 1, **uniforms: object
) -> None:
    """Run a program that needs no buffers on the framebuffer in use, fullscreen ones as they are.

    Uniforms that the compiler dropped are passed over. Sets all the state it relies on, since
    the user interface leaves its own behind.
    """
    program = vertex_array.program
    for name, value in uniforms.items():
        uniform = program.get(name, None)
        if isinstance(uniform, moderngl.Uniform):
            if isinstance(value, range) and uniform.array_length == 1:
                value = value[0]
            uniform.value = value
    program.ctx.enable_only(moderngl.NOTHING)
    vertex_array.render(moderngl.TRIANGLES, vertices=vertices, instances=instances)


def explain_error(source: str, message: str) -> str:
    """The driver's message, then the lines it names with their numbers and neighbours."""
    lines = source.splitlines()
    shown: set[int] = set()
    for match in ERROR_LINE.finditer(message):
        at_fault = int(match[1] or match[2])
        shown.update(range(at_fault - LINES_AROUND_ERROR, at_fault + LINES_AROUND_ERROR + 1))
    excerpt = [
        f"{number:5d} | {lines[number - 1][:120]}"
        for number in sorted(shown)
        if 1 <= number <= len(lines)
    ]
    return "\n".join(["a shader does not compile:", message.strip(), *excerpt])
