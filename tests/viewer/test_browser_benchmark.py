"""`lichen bench --browser`, on grids too small to mean anything."""

from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from exporters import reference
from exporters.automaton_file import save_automaton
from exporters.errors import LichenError
from exporters.gallery import GalleryEntry
from exporters.seed import seed_state
from support import random_automaton, relative_error
from viewer.browser_benchmark import (
    LESSON_STYLE,
    BrowserFigures,
    browser_table,
    measure_in_browser,
    peer_model,
)
from viewer.command import main
from viewer.step_benchmark import Slices

SHORT = Slices(count=2, seconds=0.01)
PEER = """
export const name = "idle";
export function create(gl, model, side) {
  if (model.hiddenWeight.length !== 4 * model.channels * model.hidden || side !== 16) throw 1;
  return { step(count) {} };
}
"""


@pytest.fixture
def entry(tmp_path: Path) -> GalleryEntry:
    path = tmp_path / "moss.safetensors"
    save_automaton(random_automaton(6, 8), path)
    return GalleryEntry(path)


def test_all_ways_take_their_turns(browser: Browser, entry: GalleryEntry, tmp_path: Path) -> None:
    peer = tmp_path / "mine.js"
    peer.write_text(PEER)
    figures = measure_in_browser(browser, entry, 16, [peer], SHORT)
    assert list(figures.steps_per_second) == [
        "html, float32",
        "html, half float",
        "html, 8 bits",
        "lesson style, float32",
        "mine.js: idle",
    ]
    assert (figures.automaton, figures.channels, figures.hidden) == ("moss", 6, 8)
    assert all(speed > 0 for speed in figures.steps_per_second.values())


def test_the_lessons_style_computes_the_same(browser: Browser) -> None:
    scales = (1.0, 0.5, -0.25, 0.125)
    automaton = random_automaton(6, 8, update_rate=1.0, filter_scales=scales, clamp=(-0.5, 0.5))
    page = browser.new_page()
    encoded = page.evaluate(
        """async ([source, model]) => {
            const blob = new Blob([source], { type: "text/javascript" });
            const peer = await import(URL.createObjectURL(blob));
            const gl = document.createElement("canvas").getContext("webgl2");
            peer.create(gl, model, 16).step(8);
            const state = new Float32Array(4 * 16 * 16);
            gl.readPixels(0, 0, 16, 16, gl.RGBA, gl.FLOAT, state);
            return btoa(String.fromCharCode(...new Uint8Array(state.buffer)));
        }""",
        [LESSON_STYLE.read_text(), peer_model(automaton)],
    )
    page.close()
    state = np.frombuffer(b64decode(encoded), "<f4").reshape(16, 16, 4).transpose(2, 0, 1)
    expected = reference.run(automaton, seed_state(automaton.seed, 6, 16, 16), 8)
    assert np.abs(expected).max() > 0.1
    assert relative_error(state, expected[:4]) < 1e-5


def test_ratios_are_those_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    figures = BrowserFigures("moss", 4, 8, 64, {"html": 60.0, "[b]other": 20.0})
    assert figures.ratios == {"html": 1.0, "[b]other": 3.0}
    assert browser_table([figures]).row_count == 2


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("export const name = 'moss'", "create is not a function"),
        ("export function create() { throw new Error('out of luck') }", "out of luck"),
        ("not JavaScript", "failed in the browser"),
    ],
)
def test_a_peer_that_fails_is_told(
    source: str, reason: str, browser: Browser, entry: GalleryEntry, tmp_path: Path
) -> None:
    peer = tmp_path / "mine.js"
    peer.write_text(source)
    with pytest.raises(LichenError, match=reason):
        measure_in_browser(browser, entry, 16, [peer], SHORT)


def test_a_peer_that_is_not_there_is_told(
    browser: Browser, entry: GalleryEntry, tmp_path: Path
) -> None:
    with pytest.raises(LichenError, match="cannot read the peer"):
        measure_in_browser(browser, entry, 16, [tmp_path / "gone.js"], SHORT)


def test_a_peer_without_the_browser_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--peer", "mine.js"]) == 2
    assert "add --browser" in capsys.readouterr().err
