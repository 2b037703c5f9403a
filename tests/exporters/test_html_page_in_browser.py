"""The web page in a real browser: it shows and obeys as it should, and comes back to life."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page
from web_page import OpenPage, read_state, start_over, wait_until

from exporters.display import picture
from exporters.gallery import find_entry
from exporters.patch_distance import patch_distance
from exporters.seed import Seed
from support import HOSTILE_TEXT, random_automaton, random_filter

CELL_PIXELS = 2
NOISE = Seed("uniform", -1.0, 1.0)


def test_names_are_text_and_nothing_else(open_page: OpenPage) -> None:
    opened = open_page(replace(random_automaton(4, 8), name=HOSTILE_TEXT))
    assert opened.title().startswith("</script><script>")
    assert opened.locator("#names button").all_inner_texts() == [opened.title()]
    assert opened.evaluate("typeof hacked") == "undefined"


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


def test_a_filter_takes_a_picture_and_keeps_it(open_page: OpenPage, tmp_path: Path) -> None:
    opened = open_page(random_filter(4, 8))
    wait_until(opened, "lichen.simulation.content !== undefined")
    opened.evaluate("lichen.setPaused(true)")
    assert read_state(opened)[4:].std() > 0.1
    Image.new("RGB", (30, 20), (255, 0, 51)).save(tmp_path / "red.png")
    opened.set_input_files("#file", tmp_path / "red.png")
    wait_until(opened, "lichen.simulation.content[0] === 0.5")
    opened.mouse.move(60, 50)
    opened.mouse.down()
    opened.mouse.move(120, 50)
    opened.mouse.up()
    shown = read_state(opened)[4:].mean(axis=(1, 2))
    np.testing.assert_allclose(shown, [0.5, -0.5, -0.3], atol=1e-6)


def test_others_offer_no_picture(open_page: OpenPage) -> None:
    assert not open_page(random_automaton(4, 8)).locator("#filter").is_visible()


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


def test_a_frame_that_began_before_the_clock_was_read_owes_no_steps(open_page: OpenPage) -> None:
    late = """
        const frames = requestAnimationFrame;
        window.requestAnimationFrame = (draw) => frames((now) => draw(now - 500));
    """
    opened = open_page(random_automaton(4, 8), setup=late)
    opened.evaluate(
        """() => {
            const { simulation } = lichen, step = simulation.step.bind(simulation);
            simulation.step = (steps) => { window.first ??= steps; step(steps); };
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    wait_until(opened, "window.first !== undefined")
    assert opened.evaluate("window.first") == 0


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


def test_a_wound_heals(open_page: OpenPage) -> None:
    coral = find_entry("coral_small").automaton
    opened = open_page(coral)
    start_over(opened, 100, 75, 0)
    opened.evaluate("lichen.simulation.step(300)")
    grown = picture(coral, read_state(opened))
    opened.evaluate("document.getElementById('brush').valueAsNumber = 5.5")

    def erase_by_mouse() -> None:
        opened.mouse.move(50, 75)
        opened.mouse.down()
        opened.mouse.move(150, 75)
        opened.mouse.up()

    def erase_by_touch() -> None:
        for x in (50, 100, 150):
            opened.touchscreen.tap(x, 75)

    for erase in (erase_by_mouse, erase_by_touch):
        erase()
        wounded = picture(coral, read_state(opened))
        opened.evaluate("lichen.simulation.step(250)")
        healed = picture(coral, read_state(opened))
        # Two textures that grew from different random seeds are 9 apart.
        assert patch_distance(grown, wounded) > 16
        assert patch_distance(grown, healed) < 11


def test_the_wheel_zooms_about_the_pointer_and_two_fingers_move_too(open_page: OpenPage) -> None:
    opened = open_page(replace(random_automaton(4, 8), seed=NOISE))
    start_over(opened, 100, 75, 0)
    before = read_state(opened)
    opened.mouse.move(140, 110)
    opened.mouse.wheel(0, -1000)
    wait_until(opened, "lichen.view.cellPixels > 4")
    np.testing.assert_allclose(opened.evaluate("lichen.view.toCells([140, 110])"), [70, 55])
    _pinch(opened, [(60, 60), (120, 60)], [(50, 80), (170, 80)])
    np.testing.assert_allclose(opened.evaluate("lichen.view.zoom"), 2 * 2**1.5, rtol=1e-6)
    # The first finger came down alone, and waited for the second one.
    np.testing.assert_array_equal(read_state(opened), before)
    opened.keyboard.press("0")
    assert opened.evaluate("lichen.view.centreCells") == [50, 37.5]


def _pinch(page: Page, start: list[tuple[int, int]], end: list[tuple[int, int]]) -> None:
    """Two fingers, the one after the other down, then both move and go."""
    client = page.context.new_cdp_session(page)

    def send(kind: str, places: list[tuple[int, int]]) -> None:
        points = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(places)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", start[:1])
    send("touchStart", start)
    send("touchMove", end)
    send("touchEnd", [])


def test_another_grid_can_be_chosen(open_page: OpenPage) -> None:
    opened = open_page(random_automaton(4, 8))
    opened.evaluate("lichen.setPaused(true)")
    opened.evaluate(
        "document.getElementById('grid').value = '64';"
        "document.getElementById('grid').dispatchEvent(new Event('change'))"
    )
    assert opened.evaluate("[lichen.simulation.width, lichen.simulation.height]") == [64, 64]
    assert opened.evaluate("lichen.view.cellPixels") == 200 / 64


def test_a_form_is_shown_larger_than_a_texture(open_page: OpenPage) -> None:
    texture = random_automaton(4, 8)
    opened = open_page(texture, replace(texture, seed=Seed("single cell")))
    opened.set_viewport_size({"width": 400, "height": 300})
    sizes = [opened.evaluate(f"lichen.choose({k}), lichen.view.cellPixels") for k in (0, 1)]
    np.testing.assert_allclose(sizes, [CELL_PIXELS, (400 * 300 / 9216) ** 0.5])


def test_a_hidden_page_rests(open_page: OpenPage) -> None:
    opened = open_page(random_automaton(4, 8))
    wait_until(opened, "lichen.simulation.stepCount > 2")
    _set_hidden(opened, True)
    steps = opened.evaluate("lichen.simulation.stepCount")
    opened.wait_for_timeout(150)
    assert opened.evaluate("lichen.simulation.stepCount") == steps
    _set_hidden(opened, False)
    wait_until(opened, f"lichen.simulation.stepCount > {steps}")


def _set_hidden(page: Page, hidden: bool) -> None:
    """As a browser does with a tab in the background, which headless ones never have."""
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_lost_graphics_card_comes_back(open_page: OpenPage) -> None:
    opened = open_page(random_automaton(4, 8), replace(random_automaton(6, 8), name="moss"))
    opened.evaluate("lichen.choose(1)")
    wait_until(opened, "lichen.simulation.stepCount > 2")
    opened.evaluate(
        "loss = lichen.simulation.gl.getExtension('WEBGL_lose_context'); loss.loseContext()"
    )
    wait_until(opened, "lichen.simulation.gl.isContextLost()")
    opened.wait_for_timeout(50)
    opened.touchscreen.tap(50, 50)
    opened.evaluate("loss.restoreContext()")
    wait_until(opened, "!lichen.simulation.gl.isContextLost()")
    wait_until(opened, "lichen.simulation.stepCount > 2")
    assert opened.title() == "moss"
    assert np.abs(read_state(opened)).max() > 0
