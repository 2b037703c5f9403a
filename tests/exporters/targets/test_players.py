"""ISF and Shadertoy exports in programs of other people, in a browser."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from exporters import reference
from exporters.arithmetic_noise import arithmetic_mask, arithmetic_unit_noise
from exporters.automaton import Automaton
from exporters.content import example_picture, furnished_state
from exporters.display import picture
from exporters.gallery import find_entry
from exporters.seed import Seed
from exporters.targets import isf, shadertoy
from exporters.targets.target import ExportOptions, Target
from support import random_automaton, random_filter
from viewer.verification.buffers import read_tiles

State = NDArray[np.float32]

GRID = (21, 16)
OPTIONS = ExportOptions(random_seed=2**32 - 5)
PACKAGES = Path(__file__).parents[2] / "hosts" / "node_modules"
ADDRESS = "http://player.test/"

FORM = replace(
    random_automaton(5, 10, clamp=(-1, 1), alive_masking=True), seed=Seed("uniform", -0.5, 0.2)
)
FILTER = random_filter(8, 8)
TEXTURE = replace(random_automaton(12, 8), seed=Seed("uniform", -1, 1))

# Loads modules of the package `interactive-shader-format`, which are written for Node.
OPEN_ISF = """async () => {
    const files = ["lib/main.js", "lib/ISFRenderer.js", "lib/ISFParser.js", "lib/ISFUpgrader.js",
        "lib/MetadataExtractor.js", "lib/ISFGLState.js", "lib/ISFGLProgram.js", "lib/ISFBuffer.js",
        "lib/ISFTexture.js", "lib/ISFLineMapper.js", "vendor/math.js", "vendor/json_parse.js"];
    const sources = {}, modules = {};
    for (const file of files)
        sources[file] = await (await fetch("/interactive-shader-format/" + file)).text();
    const load = (file) => {
        if (!(file in modules)) {
            const module = (modules[file] = { exports: {} });
            const require = (name) => {
                const path = new URL(name, "http://x/" + file).pathname.slice(1);
                return load(path.endsWith(".js") ? path : path + ".js");
            };
            new Function("module", "exports", "require", sources[file])(
                module, module.exports, require);
        }
        return modules[file].exports;
    };
    window.canvas = document.createElement("canvas");
    window.gl = canvas.getContext("webgl");
    for (const name of
            ["OES_texture_float", "OES_texture_float_linear", "WEBGL_color_buffer_float"])
        if (!gl.getExtension(name)) throw new Error("no " + name);
    window.renderer = new (load("lib/main.js").Renderer)(gl);
}"""
LOAD_ISF = """async ([source, width, height, address]) => {
    renderer.loadSource(source);
    if (!renderer.valid) throw new Error(renderer.error.message);
    if (renderer.model.type === "filter") {
        // It loses pictures that it got before the first frame; a smaller size begins again.
        Object.assign(canvas, { width: 2 * width, height: 2 * height });
        renderer.draw(canvas);
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        renderer.setValue("inputImage", picture);
    }
    Object.assign(canvas, { width, height });
}"""
DRAW_ISF = """(frames) => {
    for (let frame = 0; frame < frames; frame++) renderer.draw(canvas);
    const buffer = renderer.renderBuffers[0];
    const { width, height } = buffer;
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffer.fbo);
    gl.framebufferTexture2D(
        gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, buffer.readTexture().texture, 0);
    const texels = new Float32Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, texels);
    if (gl.getError()) throw new Error("WebGL complains");
    return [width, height, [...texels]];
}"""
DRAW_ISF_PICTURE = """() => {
    renderer.draw(canvas);
    const pixels = new Uint8Array(4 * canvas.width * canvas.height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return [...pixels];
}"""
PLAY_SHADERTOY = """async ([common, cells, image, width, height, frames, address]) => {
    const { ShaderEngine } = await import(
        "/@stevejtrettel/shader-sandbox/dist-lib/engine/ShaderEngine.js");
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const gl = canvas.getContext("webgl2");
    const none = { kind: "none" };
    const picture = { kind: "texture", name: "picture" };
    const channels = [{ kind: "buffer", buffer: "BufferA", current: false }, picture, none, none];
    const passes = {
        BufferA: { name: "BufferA", glslSource: cells, channels },
        Image: { name: "Image", glslSource: image, channels },
    };
    const textures = [{ name: "picture", source: address, filter: "linear", wrap: "clamp" }];
    const project = { commonSource: common, textures, uniforms: {}, passes };
    const engine = new ShaderEngine({ gl, project });
    if (engine.hasErrors()) throw new Error(engine.getCompilationErrors()[0].error);
    const isLoaded = () => engine._textures[0].width > 1;
    while (!isLoaded()) await new Promise((resume) => setTimeout(resume, 10));
    for (let frame = 0; frame < frames; frame++) engine.step(frame / 60, [0, 0, 0, 0], false);
    const pass = engine._passes.find(({ name }) => name === "BufferA");
    gl.bindFramebuffer(gl.FRAMEBUFFER, pass.framebuffer);
    gl.framebufferTexture2D(
        gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, pass.previousTexture, 0);
    const texels = new Float32Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, texels);
    return [width, height, [...texels]];
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a site that holds the packages; fails where it complains."""
    problems: list[str] = []
    context = browser.new_context()
    context.set_default_timeout(0)  # a busy machine may take its time
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if not path:
            route.fulfill(body="<!doctype html>", content_type="text/html")
            return
        file = PACKAGES / path
        file = file if file.suffix else file.with_suffix(".js")
        route.fulfill(body=file.read_text("utf-8"), content_type="text/javascript")

    page.route(f"{ADDRESS}**", serve)
    page.goto(ADDRESS)
    yield page
    context.close()
    assert problems == []


def to_texels(found: tuple[int, int, list[float]]) -> State:
    width, height, values = found
    return np.array(values, np.float32).reshape(height, width, 4)


def texts(target: Target, automaton: Automaton) -> dict[str, str]:
    files = target.export([automaton], OPTIONS)
    return {name: content.decode() for name, content in files.items()}


def picture_address(grid: tuple[int, int]) -> str:
    """The example as a file of two by two pixels a cell."""
    width, height = grid
    pixels = (255 * example_picture(height, width)).round().astype(np.uint8)
    file = BytesIO()
    Image.fromarray(pixels.repeat(2, axis=0).repeat(2, axis=1)).save(file, "PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def open_isf(page: Page, automaton: Automaton, grid: tuple[int, int]) -> None:
    (source,) = texts(isf.TARGET, automaton).values()
    page.evaluate(OPEN_ISF)
    # Two pixels a cell.
    page.evaluate(LOAD_ISF, [source, 2 * grid[0], 2 * grid[1], picture_address(grid)])


def draw_isf(page: Page, automaton: Automaton, frames: int, grid: tuple[int, int] = GRID) -> State:
    return read_tiles(to_texels(page.evaluate(DRAW_ISF, frames)), automaton, isf.HOST, grid)


def play_isf(page: Page, automaton: Automaton, frames: int, grid: tuple[int, int] = GRID) -> State:
    open_isf(page, automaton, grid)
    return draw_isf(page, automaton, frames, grid)


def play_shadertoy(
    page: Page, automaton: Automaton, frames: int, grid: tuple[int, int] = GRID
) -> State:
    files = texts(shadertoy.TARGET, automaton)
    names = (shadertoy.COMMON_FILE, shadertoy.BUFFER_FILE, shadertoy.IMAGE_FILE)
    size = shadertoy.HOST.buffer_texels(automaton, grid)
    codes = [files[name] for name in names]
    found = page.evaluate(PLAY_SHADERTOY, [*codes, *size, frames, picture_address(grid)])
    return read_tiles(to_texels(found), automaton, shadertoy.HOST, grid)


def expected_state(
    automaton: Automaton, steps: int, grid: tuple[int, int], arithmetic: bool
) -> State:
    width, height = grid
    if not arithmetic:
        state = furnished_state(automaton, height, width, OPTIONS.random_seed)
        return reference.run(automaton, state, steps, OPTIONS.random_seed)
    state = furnished_state(automaton, height, width, OPTIONS.random_seed, arithmetic_unit_noise)
    return reference.run(automaton, state, steps, OPTIONS.random_seed, mask=arithmetic_mask)


PLAYERS = {"ISF": play_isf, "Shadertoy": play_shadertoy}


@pytest.mark.parametrize("automaton", [TEXTURE, FORM, FILTER], ids=["texture", "form", "filter"])
@pytest.mark.parametrize("player", PLAYERS)
def test_eight_steps_equal_the_reference(player: str, automaton: Automaton, page: Page) -> None:
    state = PLAYERS[player](page, automaton, 9)
    expected = expected_state(automaton, 8, GRID, arithmetic=player == "ISF")
    # The ISF package blends texels even at their middle, by as little as the card divides wrong.
    assert np.abs(state - expected).max() < 1e-3


@pytest.mark.parametrize("player", PLAYERS)
def test_500_steps_have_the_statistics_of_the_reference(player: str, page: Page) -> None:
    coral, grid = find_entry("coral_small").automaton, (32, 32)
    state = PLAYERS[player](page, coral, 501, grid)
    expected = expected_state(coral, 500, grid, arithmetic=player == "ISF")
    for statistic in (np.mean, np.std):
        difference = statistic(state, axis=(1, 2)) - statistic(expected, axis=(1, 2))
        # Other random seeds are up to 0.042 away.
        assert np.abs(difference).max() < 0.05


def test_isf_obeys_its_inputs_and_follows_its_size(page: Page) -> None:
    open_isf(page, TEXTURE, GRID)
    seed = draw_isf(page, TEXTURE, 1)
    page.evaluate("renderer.setValue('speed', 0)")
    np.testing.assert_array_equal(draw_isf(page, TEXTURE, 3), seed)
    page.evaluate(
        """() => {
            renderer.setValue("erase", true);
            renderer.setValue("erase_point", [0, 1]);
            renderer.setValue("erase_size", 3);
        }"""
    )
    erased = (draw_isf(page, TEXTURE, 1) == 0).all(axis=0)
    assert erased[0, 0] and erased[-1, -1] and not erased[8, 10]
    page.evaluate("renderer.setValue('erase', false), renderer.setValue('restart', true)")
    np.testing.assert_array_equal(draw_isf(page, TEXTURE, 1), seed)
    # Another size begins again; with a pixel a cell, the picture is the cells' colours.
    page.evaluate("renderer.setValue('restart', false), renderer.setValue('cell_pixels', 1)")
    page.evaluate("Object.assign(canvas, { width: 20, height: 13 })")
    expected = expected_state(TEXTURE, 0, (20, 13), arithmetic=True)
    np.testing.assert_allclose(draw_isf(page, TEXTURE, 1, (20, 13)), expected, atol=1e-6)
    pixels = np.array(page.evaluate(DRAW_ISF_PICTURE)).reshape(13, 20, 4)[::-1, :, :3]
    assert np.abs(pixels - picture(TEXTURE, expected)).max() <= 1
