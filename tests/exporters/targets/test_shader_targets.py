"""The shaders for other programs as texts; tests/viewer/verification runs them."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from exporters.automaton import Automaton, Credits
from exporters.errors import LichenError
from exporters.seed import Seed
from exporters.targets import glsl, glslviewer, isf, shadertoy, touchdesigner
from exporters.targets.target import ExportOptions, Target
from support import HOSTILE_TEXT, random_automaton, random_filter, shader_complaints

HOSTS = {
    module.TARGET.name: module.TARGET
    for module in (glsl, shadertoy, isf, glslviewer, touchdesigner)
}
OPTIONS = ExportOptions(grid=(48, 32), random_seed=2**32 - 1)
AUTOMATA = [
    random_automaton(1, 1),
    replace(random_automaton(4, 7), seed=Seed("uniform", -1e-30, 1e30), clamp=(-1e30, 1e-30)),
    replace(random_automaton(5, 8), seed=Seed("single cell"), erase_value=-0.25),
    replace(random_automaton(13, 5, alive_masking=True), display="premultiplied rgba over white"),
    random_automaton(16, 3, alive_masking=True, clamp=(-1, 1)),
    random_filter(8, 6),
]

# What the hosts put before a shader. Shadertoy's Common comes before its uniforms, in some players.
ES_2 = "#version 100\n"
SHADERTOY_HEAD = "#version 300 es\nprecision highp float;\n"
SHADERTOY_UNIFORMS = """
uniform vec3 iResolution;
uniform int iFrame;
uniform vec4 iMouse;
uniform sampler2D iChannel0, iChannel1;
"""
SHADERTOY_TAIL = """
out vec4 pixel;
void main() { mainImage(pixel, gl_FragCoord.xy); }
"""
ISF_HEAD = """
precision highp float;
uniform int PASSINDEX;
uniform vec2 RENDERSIZE;
uniform sampler2D cells, inputImage, erase_image;
uniform vec2 size, erase_point;
uniform bool restart, erase;
uniform float speed, strength, erase_size, erase_image_amount;
varying vec2 isf_FragNormCoord;
#define IMG_NORM_PIXEL(image, position) texture2D(image, position)
#define IMG_SIZE(image) size
"""
TOUCHDESIGNER_HEAD = """#version 460 core
uniform sampler2D sTD2DInputs[2];
in vec3 vUV;
vec4 TDOutputSwizzle(vec4 colour) { return colour; }
"""


def export(target: Target, automaton: Automaton) -> dict[str, str]:
    files = target.export([automaton], OPTIONS)
    return {name: content.decode("ascii") for name, content in files.items()}


def whole_shaders(target: Target, automaton: Automaton) -> Iterator[tuple[str, str]]:
    """Every shader of an export as its host compiles it, and its stage."""
    files = export(target, automaton)
    if target is glsl.TARGET:
        for name, text in files.items():
            if name != glsl.READ_ME:
                yield text, name.rpartition(".")[2]
    elif target is shadertoy.TARGET:
        for tab in (shadertoy.BUFFER_FILE, shadertoy.IMAGE_FILE):
            parts = (SHADERTOY_HEAD, files[shadertoy.COMMON_FILE], SHADERTOY_UNIFORMS, files[tab])
            yield "".join(parts) + SHADERTOY_TAIL, "frag"
    elif target is isf.TARGET:
        (text,) = files.values()
        yield ES_2 + ISF_HEAD + text, "frag"
    elif target is glslviewer.TARGET:
        (text,) = files.values()
        for version in (ES_2, "#version 120\n"):
            yield version + text, "frag"
            yield version + "#define DOUBLE_BUFFER_0\n" + text, "frag"
    else:
        for name in (touchdesigner.CELLS_FILE, touchdesigner.PICTURE_FILE):
            yield TOUCHDESIGNER_HEAD + files[name], "frag"


@pytest.mark.parametrize("automaton", AUTOMATA, ids=lambda automaton: f"{automaton.channels}")
@pytest.mark.parametrize("target", HOSTS.values(), ids=HOSTS.keys())
def test_every_shader_is_strictly_valid(target: Target, automaton: Automaton) -> None:
    for source, stage in whole_shaders(target, automaton):
        assert shader_complaints(source, stage) == ""


@pytest.mark.parametrize("target", HOSTS.values(), ids=HOSTS.keys())
def test_hostile_texts_stay_comments(target: Target) -> None:
    credits = Credits(*[HOSTILE_TEXT] * len(fields(Credits)))
    hostile = replace(random_automaton(5, 3), name=HOSTILE_TEXT, credits=credits)
    for source, stage in whole_shaders(target, hostile):
        assert shader_complaints(source, stage) == ""
        comments = re.findall(r"/\*.*?\*/|//[^\n]*", source, re.DOTALL)
        assert any("hacked" in comment for comment in comments)
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL)
        assert "hacked" not in code


@pytest.mark.parametrize("target", HOSTS.values(), ids=HOSTS.keys())
def test_more_channels_than_a_host_holds_are_refused(target: Target) -> None:
    with pytest.raises(LichenError, match="at most 16 channels, moss has 17"):
        target.check([replace(random_automaton(17, 2), name="moss")])


@pytest.mark.parametrize("target", HOSTS.values(), ids=HOSTS.keys())
def test_all_weights_stand_in_the_shader(target: Target) -> None:
    """As the numbers that read back as the same."""
    automaton = random_automaton(6, 5)
    text = "".join(export(target, automaton).values())
    numbers = {float(number) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)}
    for weight in automaton.hidden_weight.ravel():
        assert float(str(weight)) in numbers


def test_shadertoy_json_holds_the_tabs() -> None:
    files = export(shadertoy.TARGET, random_automaton(8, 4))
    passes = json.loads(files[shadertoy.JSON_FILE])["Shader"]["renderpass"]
    assert [part["name"] for part in passes] == ["Common", "Buffer A", "Image"]
    assert [part["code"] for part in passes] == [
        files[name] for name in (shadertoy.COMMON_FILE, shadertoy.BUFFER_FILE, shadertoy.IMAGE_FILE)
    ]
    _, buffer, image = passes
    for part in (buffer, image):
        (channel,) = part["inputs"]
        assert channel["id"] == buffer["outputs"][0]["id"]
        assert (channel["channel"], channel["sampler"]["filter"]) == (0, "nearest")


def test_isf_begins_with_its_description() -> None:
    (text,) = export(isf.TARGET, random_automaton(9, 4)).values()
    assert text.startswith("/*{")
    head = json.loads(text[2 : text.index("*/")])
    assert head["ISFVSN"] == "2"
    cells, picture = head["PASSES"]
    assert cells["PERSISTENT"] and cells["FLOAT"] and picture == {}
    assert cells["WIDTH"] == "3 * floor($WIDTH / $cell_pixels)"
    names = {entry["NAME"]: entry["TYPE"] for entry in head["INPUTS"]}
    assert names["restart"] == "event" and names["erase_image"] == "image"


@pytest.mark.parametrize(
    ("target", "word"),
    [
        (shadertoy.TARGET, "iChannel1"),
        (isf.TARGET, "inputImage"),
        (glslviewer.TARGET, "u_tex0"),
        (touchdesigner.TARGET, "second input"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_only_filters_ask_for_a_picture(target: Target, word: str) -> None:
    assert word in "".join(export(target, random_filter(4, 6)).values())
    assert word not in "".join(export(target, random_automaton(7, 6)).values())


def test_shadertoy_shows_a_filter_the_webcam() -> None:
    files = export(shadertoy.TARGET, random_filter(4, 6))
    _, buffer, image = json.loads(files[shadertoy.JSON_FILE])["Shader"]["renderpass"]
    cells, webcam = buffer["inputs"]
    assert cells["id"] == buffer["outputs"][0]["id"]
    assert (webcam["ctype"], webcam["channel"]) == ("webcam", 1)
    assert (webcam["sampler"]["filter"], webcam["sampler"]["vflip"]) == ("linear", "true")
    assert image["inputs"] == [cells]


def test_isf_knows_a_filter_by_its_input() -> None:
    """https://docs.isf.video says that an image named inputImage makes it one."""
    (text,) = export(isf.TARGET, random_filter(4, 6)).values()
    head = json.loads(text[2 : text.index("*/")])
    assert head["INPUTS"][0] == {"NAME": "inputImage", "TYPE": "image"}
    assert head["CATEGORIES"] == ["Stylize"]


def test_the_read_me_of_glsl_says_what_this_automaton_needs() -> None:
    automaton = replace(random_automaton(6, 4), seed=Seed("single cell"), erase_value=0.5)
    text = export(glsl.TARGET, automaton)[glsl.READ_ME]
    for words in ("6 channels, which 2 textures hold", "channels 3 to 5 are 1", "writes 0.5"):
        assert words in text
    assert "alive" not in text and "$" not in text
    text = export(glsl.TARGET, replace(automaton, alive_masking=True))[glsl.READ_ME]
    assert "alive.frag" in text and "$" not in text
