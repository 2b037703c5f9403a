"""A panel to point at: what it shows, and a hand that clicks on it."""

from pathlib import Path

from imgui_bundle import imgui

from support import random_automaton
from viewer.actions import Action
from viewer.camera import Camera
from viewer.extras import DREAM, TRAIN
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import ExtraState, PanelState, Readings, Tile, TileGroup
from viewer.settings import Settings

WINDOW = (1280, 800)
MOSS, FERN = Path("/g/moss.safetensors"), Path("/g/fern %s.safetensors")
STATE = PanelState(
    settings=Settings(),
    camera=Camera(128.0, 128.0, 3.0),
    view_size_pixels=(980, 800),
    groups=(TileGroup("Gallery", (Tile(MOSS), Tile(FERN, is_opening=True))),),
    automaton_path=MOSS,
    opening_path=None,
    automaton=random_automaton(12, 96),
    is_paused=False,
    random_seed=1,
    content_name="example",
    undo_count=0,
    stamp_is_growing=False,
    readings=Readings(60.0, 60.0, 0.017),
    message=None,
    help_is_open=False,
    train=ExtraState(TRAIN, is_installed=True),
    dream=ExtraState(DREAM, is_installed=False),
)


def draw(sidebar: Sidebar, state: PanelState) -> list[Action]:
    imgui.get_io().delta_time = 1 / 60
    imgui.new_frame()
    asked = sidebar.draw(state, WINDOW, pixels_per_point=1.0)
    imgui.render()
    return asked


def read(sidebar: Sidebar, state: PanelState) -> str:
    """All words of the panel and its open menus, line by line."""
    imgui.new_frame()
    imgui.log_to_clipboard()
    sidebar.draw(state, WINDOW, pixels_per_point=1.0)
    imgui.log_finish()
    imgui.render()
    return imgui.get_clipboard_text()


def click(sidebar: Sidebar, state: PanelState, x: float, y: float) -> list[Action]:
    """Point, press and release, a few frames each; all that was asked for meanwhile."""
    inputs, asked = imgui.get_io(), []
    inputs.add_mouse_pos_event(x, y)
    for is_down in (False, True, False):
        inputs.add_mouse_button_event(0, is_down)
        for _ in range(3):
            asked += draw(sidebar, state)
    return asked


def click_everything(sidebar: Sidebar, state: PanelState, step: int = 14) -> list[Action]:
    """Click down a few columns of the panel."""
    asked = []
    for x in (1020, 1120, 1165, 1206, 1250):
        for y in range(10, WINDOW[1], step):
            asked += click(sidebar, state, x, y)
    return asked


def tap(sidebar: Sidebar, state: PanelState, x: float, y: float) -> list[Action]:
    """As `click`, with one frame for each of them."""
    inputs, asked = imgui.get_io(), list[Action]()
    inputs.add_mouse_pos_event(x, y)
    for is_down in (False, True, False):
        inputs.add_mouse_button_event(0, is_down)
        asked += draw(sidebar, state)
    return asked + draw(sidebar, state)


def press_escape(sidebar: Sidebar, state: PanelState) -> list[Action]:
    """Let go of any field."""
    imgui.get_io().add_key_event(imgui.Key.escape, True)
    imgui.get_io().add_key_event(imgui.Key.escape, False)
    return draw(sidebar, state)


def tap_everything(sidebar: Sidebar, state: PanelState, columns: tuple[int, ...]) -> list[Action]:
    """Tap down those columns of the panel, and let go of any field or menu after each tap."""
    asked = draw(sidebar, state)
    for x in columns:
        for y in range(10, WINDOW[1] - 60, 16):
            asked += tap(sidebar, state, x, y)
            asked += press_escape(sidebar, state)
    return asked
