"""Compiling, caching, telling errors and reloading."""

import os
import shutil
from pathlib import Path

import moderngl
import pytest

from exporters import shader_source
from exporters.errors import LichenError
from shaders import SHADER_FOLDER
from viewer.programs import LARGEST_CACHE, ReloadingProgram, draw, explain_error, programs_of

FILL = """#version 330 core
uniform float level;
layout(location = 0) out vec4 colour;
void main() { colour = vec4(level, %s, 0.0, 1.0); }
"""


def paint_pixel(context: moderngl.Context, program: moderngl.VertexArray) -> tuple[int, ...]:
    """The colour that a program gives a framebuffer of one pixel."""
    target = context.framebuffer([context.texture((1, 1), 4)])
    target.use()
    draw(program, level=0.2, unknown=3.0)
    return tuple(target.read(components=4))


@pytest.fixture
def shader_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shaders that a test may edit."""
    folder = tmp_path / "shaders"
    shutil.copytree(SHADER_FOLDER, folder)
    monkeypatch.setattr(shader_source, "SHADER_FOLDER", folder)
    return folder


def edit(path: Path, text: str) -> None:
    """Write a file so that its time of change is later for certain."""
    later = path.stat().st_mtime + 10 if path.exists() else 0
    path.write_text(text)
    os.utime(path, (later, later))


def test_a_program_draws(context: moderngl.Context) -> None:
    program = programs_of(context).fullscreen(FILL % "0.6")
    assert paint_pixel(context, program) == (51, 153, 0, 255)


def test_the_same_source_is_compiled_once(context: moderngl.Context) -> None:
    programs = programs_of(context)
    assert programs.fullscreen(FILL % "0.1") is programs.fullscreen(FILL % "0.1")
    assert programs_of(context) is programs


def test_the_cache_lets_go_of_the_oldest_but_not_from_its_user(context: moderngl.Context) -> None:
    programs = programs_of(context)
    kept = programs.fullscreen(FILL % "0.4")
    for index in range(LARGEST_CACHE):
        programs.fullscreen(FILL % f"0.{index + 1:03d}")
    assert paint_pixel(context, kept) == (51, 102, 0, 255)
    assert programs.fullscreen(FILL % "0.4") is not kept


def test_an_error_shows_the_numbered_lines_around_it(context: moderngl.Context) -> None:
    with pytest.raises(LichenError) as failed:
        programs_of(context).fullscreen(FILL % "moss")
    message = str(failed.value)
    assert "moss" in message
    assert "    4 | void main() { colour = vec4(level, moss, 0.0, 1.0); }" in message
    assert "    2 | uniform float level;" in message


def test_an_error_in_the_vertex_shader_shows_that_one(
    context: moderngl.Context, shader_folder: Path
) -> None:
    edit(shader_folder / "bad.vert", "#version 330 core\nvoid main() { gl_Position = moss; }\n")
    with pytest.raises(LichenError, match=r"2 \| void main\(\) \{ gl_Position = moss; \}"):
        programs_of(context).fullscreen(FILL % "0.1", "bad.vert")


@pytest.mark.parametrize(
    "complaint",
    ["0:12(5): error: moss", "0(12) : error C1008: moss", "ERROR: 0:12: 'moss' : undeclared"],
)
def test_every_drivers_way_to_name_a_line_is_understood(complaint: str) -> None:
    source = "\n".join(f"line {number}" for number in range(1, 30))
    explained = explain_error(source, f"header\n{complaint}\n")
    assert "   12 | line 12" in explained
    assert "line 9\n" not in explained


def test_an_edited_file_is_taken_up(context: moderngl.Context, shader_folder: Path) -> None:
    edit(shader_folder / "fill.frag", FILL % "0.6")
    reloading = ReloadingProgram(context, "fill.frag")
    assert reloading.poll_changes() is None
    edit(shader_folder / "fill.frag", FILL % "0.8")
    assert reloading.poll_changes() is None
    assert paint_pixel(context, reloading.vertex_array) == (51, 204, 0, 255)


def test_an_edited_include_is_taken_up(context: moderngl.Context, shader_folder: Path) -> None:
    edit(shader_folder / "green.glsl", "#define GREEN 0.6\n")
    source = (FILL % "GREEN").replace("uniform", '#include "green.glsl"\nuniform')
    edit(shader_folder / "fill.frag", source)
    reloading = ReloadingProgram(context, "fill.frag")
    edit(shader_folder / "green.glsl", "#define GREEN 1.0\n")
    assert reloading.poll_changes() is None
    assert paint_pixel(context, reloading.vertex_array) == (51, 255, 0, 255)


def test_a_broken_edit_keeps_the_last_good_program(
    context: moderngl.Context, shader_folder: Path
) -> None:
    edit(shader_folder / "fill.frag", FILL % "0.6")
    reloading = ReloadingProgram(context, "fill.frag")
    edit(shader_folder / "fill.frag", FILL % "moss")
    complaint = reloading.poll_changes()
    assert complaint is not None and "moss" in complaint
    assert reloading.poll_changes() is None
    assert paint_pixel(context, reloading.vertex_array) == (51, 153, 0, 255)
    (shader_folder / "fill.frag").unlink()
    assert "cannot read" in (reloading.poll_changes() or "")
    edit(shader_folder / "fill.frag", FILL % "0.2")
    assert reloading.poll_changes() is None
    assert paint_pixel(context, reloading.vertex_array) == (51, 51, 0, 255)
