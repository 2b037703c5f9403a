"""The exported module with three.js in a browser, served as its read-me says."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, ConsoleMessage, Page

from exporters import reference
from exporters.automaton import Automaton, Credits
from exporters.content import example_picture, furnished_state
from exporters.display import picture
from exporters.export import export
from exporters.gallery import find_entry
from exporters.seed import Seed, seed_state
from exporters.targets.target import ExportOptions
from exporters.targets.three_js import TARGET
from support import HOSTILE_TEXT, random_automaton, random_filter, statistics_error

LIBRARY = Path(__file__).parents[2] / "hosts" / "node_modules"
JAVASCRIPT = "text/javascript"
WIDTH, HEIGHT, RANDOM_SEED = 20, 14, 2**32 - 5
NOISE = Seed("uniform", -0.5, 0.5)
AUTOMATA = [
    replace(random_automaton(12, 16, filter_scales=(1.0, 0.125, 0.5, 0.0625)), seed=NOISE),
    replace(random_automaton(9, 8, alive_masking=True), seed=Seed("uniform", -0.5, 0.2)),
    replace(random_automaton(2, 5, update_rate=0.3, clamp=(-0.4, 0.9)), seed=Seed("single cell")),
]
START = """
async ([width, height, randomSeed]) => {
    window.THREE = await import("three");
    const { Automaton } = await import("./automaton.js");
    window.renderer = new THREE.WebGLRenderer();
    window.automaton = new Automaton(renderer, { width, height, randomSeed });
}
"""
# One pixel a cell, on a plane that fills the canvas.
SHOW = """
() => {
    const { width, height } = automaton;
    renderer.setSize(width, height, false);
    const material = new THREE.MeshBasicMaterial({ map: automaton.texture });
    const plane = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
    renderer.render(plane, new THREE.OrthographicCamera(-1, 1, 1, -1, -1, 1));
    const gl = renderer.getContext();
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return Array.from(pixels);
}
"""

OpenExport = Callable[..., Page]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """What `python -m http.server` runs, without its log."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address that it is served at."""
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def open_example(folder: tuple[Path, str], browser: Browser) -> Iterator[OpenExport]:
    """Export, and open the example; fails where it complains."""
    place, address = folder
    problems: list[str] = []
    context = browser.new_context(viewport={"width": 120, "height": 90})
    context.set_default_timeout(0)  # a busy machine may take its time

    def complain(message: ConsoleMessage) -> None:
        # Drivers also tell of their performance.
        if message.type == "error":
            problems.append(message.text)

    def open_example(automaton: Automaton, runs: bool = True) -> Page:
        options = ExportOptions((WIDTH, 16), steps_per_frame=2, random_seed=1)
        export([automaton], TARGET, place / "moss", options)
        (place / "moss" / "node_modules").symlink_to(LIBRARY)
        page = context.new_page()
        if not runs:
            page.route("**/example.js", lambda route: route.fulfill(content_type=JAVASCRIPT))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", complain)
        page.goto(f"{address}/moss/")
        return page

    yield open_example
    context.close()
    assert problems == []


@pytest.fixture
def start(open_example: OpenExport) -> OpenExport:
    """An export's page without the example: `automaton` and `renderer` of its own instead."""

    def start(automaton: Automaton, width: int = WIDTH, height: int = HEIGHT) -> Page:
        page = open_example(automaton, runs=False)
        page.evaluate(START, [width, height, RANDOM_SEED])
        return page

    return start


def read_state(page: Page, channels: int) -> NDArray[np.float32]:
    values, *shape = page.evaluate(
        "[Array.from(automaton.readState()), automaton.height, automaton.width]"
    )
    return np.array(values, np.float32).reshape(channels, *shape)


@pytest.mark.parametrize("automaton", AUTOMATA, ids=lambda automaton: automaton.seed.kind)
def test_eight_steps_equal_the_reference(automaton: Automaton, start: OpenExport) -> None:
    page = start(automaton)
    state = seed_state(automaton.seed, automaton.channels, HEIGHT, WIDTH, RANDOM_SEED)
    np.testing.assert_allclose(read_state(page, automaton.channels), state, atol=1e-6)
    page.evaluate("automaton.step(5); automaton.step(3)")
    expected = reference.run(automaton, state, 8, RANDOM_SEED)
    np.testing.assert_allclose(read_state(page, automaton.channels), expected, atol=1e-5)
    page.evaluate("automaton.reset()")
    np.testing.assert_allclose(read_state(page, automaton.channels), state, atol=1e-6)


def test_500_steps_have_the_statistics_of_the_reference(start: OpenExport) -> None:
    coral = find_entry("coral_small").automaton
    page = start(coral, 32, 32)
    page.evaluate("automaton.reset(0); automaton.step(500)")
    # Other random seeds are up to 0.042 away.
    assert statistics_error(coral, read_state(page, coral.channels), 500) < 0.05


def test_a_filter_sees_a_picture_that_stays(start: OpenExport) -> None:
    lens = replace(random_filter(8, 8), erase_value=0.25)
    page = start(lens)
    colours = example_picture(HEIGHT, WIDTH)
    texels = np.dstack([colours[::-1], np.ones((HEIGHT, WIDTH))])
    page.evaluate(
        """([texels, width, height]) => {
            window.picture = new THREE.DataTexture(
                new Float32Array(texels), width, height, THREE.RGBAFormat, THREE.FloatType);
            picture.needsUpdate = true;
            automaton.look(picture);
        }""",
        [texels.ravel().tolist(), WIDTH, HEIGHT],
    )
    state = furnished_state(lens, HEIGHT, WIDTH)
    np.testing.assert_allclose(read_state(page, lens.channels), state, atol=1e-6)
    page.evaluate("automaton.step(8)")
    expected = reference.run(lens, state, 8, RANDOM_SEED)
    np.testing.assert_allclose(read_state(page, lens.channels), expected, atol=1e-5)
    page.evaluate("automaton.erase({ x: 0.5, y: 0.5 }, 4)")
    erased = read_state(page, lens.channels)
    assert (erased[:8, 7, 10] == 0.25).all()
    np.testing.assert_allclose(erased[:8, 0], expected[:8, 0], atol=1e-5)
    np.testing.assert_allclose(erased[8:], state[8:], atol=1e-6)
    page.evaluate("automaton.reset()")
    np.testing.assert_allclose(read_state(page, lens.channels), state, atol=1e-6)
    page.evaluate("automaton.look(picture, 0.5)")
    np.testing.assert_allclose(read_state(page, lens.channels), state / 2, atol=1e-6)


def test_the_example_of_a_filter_shows_a_picture(open_example: OpenExport) -> None:
    page = open_example(random_filter(4, 8))
    address = "new URL('picture.jpg', location)"
    page.wait_for_function(f"performance.getEntriesByName({address}).length", timeout=60_000)
    assert page.inner_text("#hint").startswith("Stroke the ring")


@pytest.mark.parametrize("display", ["rgb+0.5", "premultiplied rgba over white"])
def test_a_mesh_shows_what_the_state_shows(display: str, start: OpenExport) -> None:
    automaton = replace(random_automaton(4, 8), seed=NOISE, display=display)
    page = start(automaton)
    page.evaluate("automaton.step(2)")
    pixels = np.array(page.evaluate(SHOW)).reshape(HEIGHT, WIDTH, 4)[::-1, :, :3]
    expected = picture(automaton, read_state(page, 4)).astype(int)
    # Two ways between sRGB and linear light, with bytes between them.
    assert np.abs(pixels - expected).max() <= 2


def test_erasing_finds_the_place_across_edges(start: OpenExport) -> None:
    automaton = replace(random_automaton(6, 8), seed=NOISE, erase_value=0.25)
    page = start(automaton)
    before = read_state(page, 6)
    # Repeated twice across: u = 0.5 is the left edge.
    page.evaluate("automaton.texture.repeat.x = 2; automaton.erase({ x: 0.5, y: 0.75 }, 4)")
    rows, columns = np.indices((HEIGHT, WIDTH)) + 0.5
    inside = np.hypot(np.minimum(columns, WIDTH - columns), rows - 0.25 * HEIGHT) <= 4
    expected = np.where(inside, np.float32(0.25), before)
    np.testing.assert_array_equal(read_state(page, 6), expected)
    page.evaluate("automaton.step()")
    np.testing.assert_allclose(
        read_state(page, 6), reference.run(automaton, expected, 1, RANDOM_SEED), atol=1e-5
    )


def test_the_renderer_stays_as_it_was(start: OpenExport) -> None:
    page = start(AUTOMATA[1])
    same = page.evaluate(
        """() => {
            const target = new THREE.WebGLRenderTarget(4, 4);
            renderer.setRenderTarget(target);
            renderer.xr.enabled = true;
            automaton.step();
            const same = renderer.getRenderTarget() === target && renderer.autoClear
                && renderer.xr.enabled;
            target.dispose();
            return same;
        }"""
    )
    assert same
    counts = "[renderer.info.memory.textures, renderer.info.programs.length]"
    assert min(page.evaluate(counts)) > 3
    page.evaluate("automaton.dispose()")
    assert page.evaluate(counts) == [0, 0]


def test_names_are_text_and_nothing_else(open_example: OpenExport) -> None:
    automaton = replace(
        AUTOMATA[2], name=HOSTILE_TEXT, credits=Credits(author="`;hacked=1;`*/\nhacked=1//")
    )
    page = open_example(automaton)
    assert page.title().startswith("</script><script>hacked=1</script><!-- \"'` */ $title ${x}")
    assert page.inner_text("h1") == page.title()
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.inner_text("#hint").startswith("Stroke the ring")


def test_the_same_automaton_gives_the_same_bytes() -> None:
    first = TARGET.export(AUTOMATA[:1], ExportOptions())
    assert first == TARGET.export([replace(AUTOMATA[0])], ExportOptions())
