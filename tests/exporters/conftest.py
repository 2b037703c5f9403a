"""A web page in a real browser, for the tests that look at one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from web_page import OpenPage

from exporters.automaton import Automaton
from exporters.html import page

# So small that the grid has 100 x 75 cells of 2 x 2 pixels.
VIEWPORT = {"width": 200, "height": 150}


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Write automata as a page and open it; fails where the page complains or asks for more."""
    problems: list[str] = []
    context = browser.new_context(viewport=VIEWPORT, has_touch=True)
    context.set_default_timeout(120_000)  # A busy machine may take its time.

    def note_request(url: str) -> None:
        # What a reader opens stays on the machine.
        if not url.startswith("blob:"):
            problems.append(url)

    def open_page(
        *automata: Automaton,
        need_float: tuple[Automaton, ...] = (),
        address: str = "",
        setup: str = "",
    ) -> Page:
        path = tmp_path / "page.html"
        path.write_text(page(automata, need_float), "utf-8")
        opened = context.new_page()
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda message: problems.append(message.text))
        opened.on("request", lambda request: note_request(request.url))
        opened.add_init_script(setup)
        opened.goto(path.as_uri() + address)
        assert problems.pop(0) == path.as_uri()
        return opened

    yield open_page
    context.close()
    assert problems == []
