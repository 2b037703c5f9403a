"""What tests do with an exported page that is open in a browser."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

# The fixture `open_page`, which conftest.py has.
OpenPage = Callable[..., Page]


def start_over(page: Page, width: int, height: int, random_seed: int) -> None:
    """Pause the page and seed a grid."""
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
    """What the page's grid holds, [channels, height, width]."""
    values, shape = page.evaluate(
        """() => {
            const { width, height, automaton } = lichen.simulation;
            return [[...lichen.simulation.readState()], [automaton.channels, height, width]];
        }"""
    )
    return np.array(values, np.float32).reshape(shape)
