"""The real window on a virtual display, driven by a virtual hand."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exporters.automaton import Automaton
from exporters.automaton_file import save_automaton
from viewer.panels import theme
from viewer.settings import Settings, settings_path
from virtual_screen import PATIENCE_SECONDS, Screen, open_window

# Shown colours, 0 to 255: of the healthy texture, of an erased cell, of the default brush.
HEALTHY = (230, 51, 153)
ERASED = (128, 128, 128)
PAINTED = tuple(round(level * 255) for level in Settings().brush_colour)
PANEL = tuple(round(level * 255) for level in (theme.GROUND.x, theme.GROUND.y, theme.GROUND.z))
# In the view, away from everything that is drawn over the picture; the pointer's own arrow
# covers the place it points at, so that colours are read a little beside it.
PLACE = (400, 300)
BESIDE = (400, 270)


def healing_automaton() -> Automaton:
    """Every channel moves a twentieth of the way to its place in HEALTHY, in every step."""
    target = np.array([*(level / 255 - 0.5 for level in HEALTHY), 0.0], np.float32)
    # Hidden unit c is state[c] + 4, positive for every state that occurs.
    hidden_weight = np.zeros((4, 16), np.float32)
    hidden_weight[np.arange(4), 4 * np.arange(4)] = 1
    return Automaton(
        hidden_weight=hidden_weight,
        hidden_bias=np.full(4, 4, np.float32),
        update_weight=np.eye(4, dtype=np.float32) * np.float32(-0.05),
        update_bias=(0.05 * (target + 4)).astype(np.float32),
        update_rate=1.0,
    )


@pytest.fixture
def window(screen: Screen, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`lichen view` as a user starts it, once its automaton is alive."""
    path = tmp_path / "healing.safetensors"
    save_automaton(healing_automaton(), path)
    screen.do("mousemove", 5, 5)
    with open_window(screen, path) as process:
        screen.wait_for(HEALTHY, BESIDE)
        yield process


def test_a_hole_is_erased_by_dragging_and_heals(
    screen: Screen, window: subprocess.Popen[str]
) -> None:
    screen.do("mousemove", *PLACE, "key", "space", "sleep", 0.3)
    screen.drag(3, (PLACE[0] - 60, PLACE[1]), (PLACE[0] + 60, PLACE[1]))
    screen.wait_for(ERASED, BESIDE)
    screen.wait_for(ERASED, (PLACE[0] + 60, PLACE[1] + 40))
    screen.wait_for(HEALTHY, (PLACE[0], PLACE[1] + 320))
    screen.do("key", "space")
    screen.wait_for(HEALTHY, BESIDE)
    assert window.poll() is None


def test_every_other_way_to_touch_it(screen: Screen, window: subprocess.Popen[str]) -> None:
    away = (PLACE[0] + 300, PLACE[1] + 300)
    screen.do("mousemove", *PLACE, "key", "space", "sleep", 0.3)
    screen.drag(1, PLACE, PLACE)
    screen.wait_for(PAINTED, BESIDE)
    screen.do("keydown", "e", "sleep", 0.2)
    screen.drag(1, PLACE, PLACE)
    screen.do("keyup", "e")
    screen.wait_for(ERASED, BESIDE)
    for colour in (PAINTED, HEALTHY):
        screen.do("key", "ctrl+z")
        screen.wait_for(colour, BESIDE)
    screen.do("key", "c")
    screen.wait_for(ERASED, away)
    screen.do("key", "period")
    step = tuple(round(128 + 0.05 * (level - 127.5)) for level in HEALTHY)
    screen.wait_for(step, away)
    screen.do("key", "F1")
    screen.wait_for(PANEL, (490, 640))
    screen.do("key", "Escape")
    screen.wait_for(step, (490, 640))
    screen.do("key", "Tab")
    screen.wait_for(step, (1272, 700))
    screen.do("key", "Tab")
    screen.wait_for(PANEL, (1272, 700))
    assert window.poll() is None


def test_it_closes_by_key_and_remembers(screen: Screen, window: subprocess.Popen[str]) -> None:
    screen.do("mousemove", *PLACE, "key", "bracketright", "sleep", 0.5, "key", "ctrl+q")
    _, complaints = window.communicate(timeout=PATIENCE_SECONDS)
    assert window.returncode == 0
    assert complaints == ""
    remembered = json.loads(settings_path().read_text())
    assert remembered["automaton"].endswith("healing.safetensors")
    assert remembered["brush_radius_cells"] > Settings().brush_radius_cells
