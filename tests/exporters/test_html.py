"""The web page in a real browser: it computes, shows and obeys as it should."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from exporters import reference
from exporters.automaton import Automaton
from exporters.display import picture
from exporters.errors import LichenError
from exporters.gallery import find_entry
from exporters.html import page, save_page
from exporters.seed import Seed, seed_state
from support import random_automaton

# So small that the grid has 100 x 75 cells of 2 x 2 pixels.
VIEWPORT = {"width": 200, "height": 150}
CELL_PIXELS = 2
NOISE = Seed("uniform", -1.0, 1.0)
LARGEST_PAGE_BYTES = 80_000
HOSTILE = "</script><script>hacked=1</script><!-- \"' $title ${x} & \ud800 \u2028 */ \\"

OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Write automata as a page and open it; fails where the page complains or asks for more."""
    problems: list[str] = []
    context = browser.new_context(viewport=VIEWPORT, has_touch=True)
    context.set_default_timeout(0)  # a busy machine may take its time

    def open_page(*automata: Automaton, address: str = "", setup: str = "") -> Page:
        path = tmp_path / "page.html"
        save_page(automata, path)
        opened = context.new_page()
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda message: problems.append(message.text))
        opened.on("request", lambda request: problems.append(request.url))
        opened.add_init_script(setup)
        opened.goto(path.as_uri() + address)
        assert problems.pop(0) == path.as_uri()
        return opened

    yield open_page
    context.close()
    assert problems == []


def start_over(page: Page, width: int, height: int, random_seed: int) -> None:
    page.evaluate(
        """([width, height, randomSeed]) => {
            lichen.setPaused(true);
            lichen.simulation.restart(width, height, randomSeed);
        }""",
        [width, height, random_seed],
    )


def wait_until(page: Page, condition: str) -> None:
    """Like Playwright's own, which the page's policy forbids."""
    while not page.evaluate(condition):
        page.wait_for_timeout(20)


def read_state(page: Page) -> NDArray[np.float32]:
    values, shape = page.evaluate(
        """() => {
            const { width, height, automaton } = lichen.simulation;
            return [[...lichen.simulation.readState()], [automaton.channels, height, width]];
        }"""
    )
    return np.array(values, np.float32).reshape(shape)


@pytest.mark.parametrize(
    ("address", "name", "bound"),
    [("", "float32", 1e-4), ("#precision=half", "half float", 2e-2)],
)
@pytest.mark.parametrize(
    "automaton",
    [
        replace(random_automaton(4, 8, clamp=(-0.5, 0.5)), seed=NOISE),
        replace(random_automaton(12, 96, filter_scales=(1.0, 0.125, 0.5, 0.0625)), seed=NOISE),
        replace(random_automaton(2, 5, update_rate=0.3), seed=Seed("single cell")),
        replace(random_automaton(16, 8), seed=NOISE),
        replace(random_automaton(9, 8, alive_masking=True), seed=Seed("uniform", -0.5, 0.2)),
    ],
    ids=lambda automaton: f"{automaton.channels}/{automaton.hidden}",
)
def test_eight_steps_equal_the_reference(
    automaton: Automaton, address: str, name: str, bound: float, open_page: OpenPage
) -> None:
    opened = open_page(automaton, address=address)
    assert opened.evaluate("lichen.simulation.precision.name") == name
    start_over(opened, width=20, height=14, random_seed=2**32 - 5)
    state = seed_state(automaton.seed, automaton.channels, 14, 20, 2**32 - 5)
    assert np.abs(read_state(opened) - state).max() < bound / 10
    opened.evaluate("lichen.simulation.step(8)")
    expected = reference.run(automaton, state, 8, random_seed=2**32 - 5)
    assert np.abs(read_state(opened) - expected).max() < bound


def test_a_page_is_small_and_the_same_each_time() -> None:
    koi = find_entry("koi").automaton
    assert (koi.channels, koi.hidden) == (12, 96)
    assert len(page([koi]).encode()) < LARGEST_PAGE_BYTES
    assert page([koi]) == page([find_entry("koi").automaton])


def test_automata_of_one_kind_share_their_shader() -> None:
    first, second = random_automaton(12, 96), random_automaton(12, 96, weight_seed=1)
    assert len(page([first, second])) - len(page([first])) < 32_000


def test_names_are_text_and_nothing_else(open_page: OpenPage) -> None:
    opened = open_page(replace(random_automaton(4, 8), name=HOSTILE))
    shown = " ".join(HOSTILE.replace("\ud800", "?").split())
    assert opened.evaluate("[document.title, typeof hacked]") == [shown, "undefined"]
    assert opened.locator("#names button").all_inner_texts() == [shown]


def test_long_names_are_cut() -> None:
    text = page([replace(random_automaton(4, 8), name="moss " * 10**6)])
    assert len(text) < LARGEST_PAGE_BYTES


def test_the_picture_is_what_the_state_shows(open_page: OpenPage, tmp_path: Path) -> None:
    automaton = replace(random_automaton(4, 8), seed=NOISE)
    opened = open_page(automaton)
    opened.evaluate("lichen.setPaused(true)")
    opened.add_style_tag(content="body > :not(canvas) { display: none !important }")
    opened.evaluate("lichen.simulation.erase([0, 0], [50, 0], 20)")
    opened.evaluate("dispatchEvent(new Event('resize'))")
    opened.evaluate(
        "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))"
    )
    opened.screenshot(path=tmp_path / "shot.png")
    shown = np.asarray(Image.open(tmp_path / "shot.png").convert("RGB"), float)
    cells = shown.reshape(75, CELL_PIXELS, 100, CELL_PIXELS, 3).mean(axis=(1, 3))
    expected = picture(automaton, read_state(opened)).astype(float)
    assert expected.shape == cells.shape
    # The page blends neighbouring cells, hence correlation and means.
    assert np.corrcoef(cells.ravel(), expected.ravel())[0, 1] > 0.9
    assert np.abs(cells.mean(axis=(0, 1)) - expected.mean(axis=(0, 1))).max() < 2


def test_the_mouse_erases_and_paints(open_page: OpenPage) -> None:
    automaton = replace(random_automaton(6, 8), seed=NOISE, erase_value=0.25)
    opened = open_page(automaton)
    start_over(opened, 100, 75, 0)
    before = read_state(opened)
    opened.mouse.move(60, 50)
    opened.mouse.down()
    opened.mouse.move(120, 50)
    opened.mouse.up()
    after = read_state(opened)
    assert (after[:, 25, 25:65] == 0.25).all()
    changed = (before != after).any(axis=0)
    assert 500 < changed.sum() < 4000
    opened.evaluate("document.getElementById('colour').value = '#ff0080'")
    opened.keyboard.press("p")
    opened.mouse.click(100, 60)
    cell = read_state(opened)[:, 30, 50]
    np.testing.assert_allclose(cell, [0.5, -0.5, 128 / 255 - 0.5, 0, 0, 0], atol=1e-6)


def test_a_finger_erases(open_page: OpenPage) -> None:
    opened = open_page(replace(random_automaton(4, 8), seed=NOISE))
    start_over(opened, 100, 75, 0)
    opened.touchscreen.tap(120, 60)
    assert (read_state(opened)[:, 30, 60] == 0).all()


def test_it_runs_pauses_and_starts_over(open_page: OpenPage) -> None:
    opened = open_page(random_automaton(4, 8))
    wait_until(opened, "lichen.simulation.stepCount > 5")
    opened.keyboard.press(" ")
    steps = opened.evaluate("lichen.simulation.stepCount")
    opened.evaluate("new Promise((resolve) => setTimeout(resolve, 100))")
    assert opened.evaluate("lichen.simulation.stepCount") == steps
    opened.keyboard.press("r")
    assert opened.evaluate("lichen.simulation.stepCount") == 0


def test_another_size_keeps_what_grew(open_page: OpenPage) -> None:
    opened = open_page(replace(random_automaton(4, 8), seed=NOISE))
    opened.evaluate("lichen.setPaused(true)")
    before = read_state(opened)
    opened.set_viewport_size({"width": 240, "height": 120})
    wait_until(opened, "lichen.simulation.width === 120")
    after = read_state(opened)
    assert after.shape == (4, 60, 120)
    np.testing.assert_array_equal(after[:, :, :100], before[:, :60])


def test_several_automata_are_there_to_choose_from(open_page: OpenPage) -> None:
    first, second = random_automaton(4, 8), random_automaton(12, 8)
    opened = open_page(replace(first, name="moss"), replace(second, name="bark"))
    assert opened.evaluate("lichen.simulation.automaton.channels") == 4
    opened.get_by_role("button", name="bark").click()
    assert opened.title() == "bark"
    assert opened.evaluate("lichen.simulation.automaton.channels") == 12


def test_a_browser_without_webgl_is_told(open_page: OpenPage) -> None:
    without = "HTMLCanvasElement.prototype.getContext = () => null"
    opened = open_page(random_automaton(4, 8), setup=without)
    assert "WebGL2" in opened.inner_text("#status")


def test_what_no_page_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LichenError, match="20 channels"):
        save_page([random_automaton(20, 8)], tmp_path / "page.html")
    with pytest.raises(LichenError, match="at least one"):
        page([])
    assert list(tmp_path.iterdir()) == []
