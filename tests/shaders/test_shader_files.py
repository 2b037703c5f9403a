"""The GLSL files themselves: valid, and honest about their inputs."""

import re

import pytest

from exporters.shader_source import BROWSER_VERSION, DESKTOP_VERSION, shader_source
from shaders import SHADER_FOLDER
from support import shader_complaints

PROGRAMS = sorted(
    path.name for path in SHADER_FOLDER.iterdir() if path.suffix in (".frag", ".vert")
)
# The baker completes it; its own test holds it to the same standard.
BAKED = "step.frag"
PREPROCESSOR = {"version", "define", "if", "ifdef", "endif"}


@pytest.mark.parametrize("version", [DESKTOP_VERSION, BROWSER_VERSION])
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != BAKED])
def test_every_program_is_strictly_valid(name: str, version: str) -> None:
    assert shader_complaints(shader_source(name, version), name.rpartition(".")[2]) == ""


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_header_lists_every_input_and_output(name: str) -> None:
    source = (SHADER_FOLDER / name).read_text()
    header = "\n".join(line for line in source.splitlines() if line.startswith("//"))
    declarations = re.findall(r"^(?:layout.*\) )?(?:uniform|in|out) \w+ (\w+)", source, re.M)
    assert declarations or name == "fullscreen.vert"
    for variable in declarations:
        assert re.search(rf"^//   {variable}\b", header, re.M), f"{variable} is not explained"


@pytest.mark.parametrize("name", PROGRAMS)
def test_there_are_two_directives_of_our_own_at_most(name: str) -> None:
    directives = re.findall(r"^#(\w+)", (SHADER_FOLDER / name).read_text(), re.M)
    assert set(directives) - PREPROCESSOR <= {"include", "weights"}
