"""Verify `three`: the exported module with three.js, in Chromium."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from exporters.content import example_picture
from exporters.errors import LichenError
from viewer.verification.browser import open_browser
from viewer.verification.verification import VERIFIED_STEPS, Export, Verification

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

# A name that is never looked up: every request is answered from files.
ADDRESS = "http://lichen.invalid"
LIBRARY = "node_modules"
# Its page is wanted for where it finds three.js; the example itself would only take time.
EXAMPLE = "example.js"
RUN = """
async ([width, height, randomSeed, steps, texels]) => {
    const THREE = await import("three");
    const { Automaton } = await import("./automaton.js");
    const renderer = new THREE.WebGLRenderer();
    const automaton = new Automaton(renderer, { width, height, randomSeed });
    const picture = new THREE.DataTexture(
        new Float32Array(texels), width, height, THREE.RGBAFormat, THREE.FloatType);
    picture.needsUpdate = true;
    automaton.look(picture);
    automaton.step(steps);
    const state = Array.from(automaton.readState());
    automaton.dispose();
    picture.dispose();
    renderer.dispose();
    return state;
}
"""


def verify(export: Export) -> list[Verification]:
    """Run it from the same seed. Raises LichenError where three.js or a browser is missing."""
    library = find_library(export.path)
    with open_browser() as browser:
        state = run_in(browser, export, library, VERIFIED_STEPS)
    return [export.compare("three.js in Chromium", state)]


def find_library(folder: Path) -> Path:
    """The node_modules that has three.js, in the export or here. Raises LichenError if none has."""
    for place in (folder, Path()):
        if (place / LIBRARY / "three" / "package.json").is_file():
            return place / LIBRARY
    # Not into the export: writing that once more takes away what lies in it.
    raise LichenError("it can be run here after: npm install --prefix . three")


def run_in(browser: "Browser", export: Export, library: Path, steps: int) -> NDArray[np.float32]:
    """What the module makes of the seed in a page that has the example's import map, [c, h, w]."""

    def answer(route: "Route") -> None:
        name = urlsplit(route.request.url).path.removeprefix("/")
        if name == EXAMPLE:
            route.fulfill(content_type="text/javascript")
            return
        inside_library = name.removeprefix(f"{LIBRARY}/")
        path = export.path / name if inside_library == name else library / inside_library
        if path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404)

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/index.html")
    width, height = export.options.grid
    picture = np.dstack([example_picture(height, width)[::-1], np.ones((height, width))])
    arguments = [width, height, export.options.random_seed, steps, picture.ravel().tolist()]
    values = page.evaluate(RUN, arguments)
    page.close()
    return np.array(values, np.float32).reshape(export.automaton.channels, height, width)
