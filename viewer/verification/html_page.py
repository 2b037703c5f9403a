"""Verify `html`: the exported page in Chromium, on each kind of texture that it may have to use."""

from base64 import b64decode
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exporters import eight_bit
from exporters.errors import LichenError
from viewer.verification.browser import open_browser
from viewer.verification.verification import (
    LARGEST_FLOAT_ERROR,
    VERIFIED_STEPS,
    Export,
    Verification,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# By the name in the page's address. Half floats have eleven bits, and each step rounds anew. Bytes
# are compared with bytes: a few of a million are rounded to the next one for their last bit's sake.
BOUNDS = {"float": LARGEST_FLOAT_ERROR, "half": 2e-2, "8bit": 3 * eight_bit.UNIT}
RUN = """
([width, height, randomSeed, steps, content]) => {
    if (!lichen.simulation) return null;
    lichen.setPaused(true);
    lichen.simulation.restart(width, height, randomSeed);
    if (content.length) lichen.simulation.setContent(content);
    lichen.simulation.step(steps);
    const bytes = new Uint8Array(lichen.simulation.readState().buffer);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
"""


def verify(export: Export) -> list[Verification]:
    """Run it from the same seed. Raises LichenError where a browser is missing."""
    with open_browser() as browser:
        return [verify_in(browser, export, precision) for precision in BOUNDS]


def verify_in(browser: "Browser", export: Export, precision: str) -> Verification:
    """Run it on one kind of texture. Raises LichenError where the browser does not offer that."""
    state = run_in(browser, export, precision, VERIFIED_STEPS)
    expected = export.expected_state
    if precision == "8bit":
        seed, random_seed = export.seed_state(), export.options.random_seed
        expected = eight_bit.run(export.automaton, seed, VERIFIED_STEPS, random_seed)
    error = float(np.abs(state - expected).max())
    return Verification(f"Chromium, {precision}", error, BOUNDS[precision])


def run_in(browser: "Browser", export: Export, precision: str, steps: int) -> NDArray[np.float32]:
    """What the page makes of the seed, [channels, h, w]. Raises LichenError where it cannot."""
    page = browser.new_page(viewport={"width": 64, "height": 64})
    page.goto(f"{export.path.absolute().as_uri()}#precision={precision}")
    width, height = export.options.grid
    texels = _content_texels(export)
    encoded = page.evaluate(RUN, [width, height, export.options.random_seed, steps, texels])
    complaint = page.inner_text("#status")
    page.close()
    if encoded is None:
        raise LichenError(f"in this browser it says: {complaint}")
    values = np.frombuffer(b64decode(encoded), "<f4")
    return values.reshape(export.automaton.channels, height, width)


def _content_texels(export: Export) -> list[float]:
    """The picture that is filtered, as the page's own script hands it over; empty without one."""
    content = export.seed_state()[export.automaton.own_channels :]
    if not len(content):
        return []
    texels = np.pad(content, ((0, 1), (0, 0), (0, 0))).transpose(1, 2, 0)
    return [float(value) for value in texels.ravel()]
