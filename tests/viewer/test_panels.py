"""The panel draws every state it can be in, and its controls ask for what they say."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from imgui_bundle import ImVec2, imgui

from exporters.verdict import Verdict
from support import random_automaton
from viewer.actions import (
    Action,
    ChangeSettings,
    CheckStability,
    Dismiss,
    OpenFile,
    ToggleHelp,
    TogglePause,
)
from viewer.camera import Camera
from viewer.extras import DREAM, TRAIN
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import (
    ExtraState,
    Message,
    PanelState,
    Readings,
    StabilityState,
    Tile,
    TileGroup,
)
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
    undo_count=0,
    stamp_is_growing=False,
    readings=Readings(60.0, 60.0, 0.017),
    message=None,
    help_is_open=False,
    train=ExtraState(TRAIN, is_installed=True),
    dream=ExtraState(DREAM, is_installed=False),
)


@pytest.fixture
def sidebar() -> Iterator[Sidebar]:
    """A panel without a window: Dear ImGui lays everything out, and nobody draws it."""
    context = imgui.create_context()
    inputs = imgui.get_io()
    inputs.set_ini_filename("")
    inputs.display_size = ImVec2(*WINDOW)
    inputs.backend_flags |= imgui.BackendFlags_.renderer_has_textures
    yield Sidebar(ui_scale=1.0)
    imgui.destroy_context(context)


def draw(sidebar: Sidebar, state: PanelState) -> list[Action]:
    imgui.get_io().delta_time = 1 / 60
    imgui.new_frame()
    asked = sidebar.draw(state, WINDOW, pixels_per_point=1.0)
    imgui.render()
    return asked


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
    for x in (1020, 1120, 1206, 1250):
        for y in range(10, WINDOW[1], step):
            asked += click(sidebar, state, x, y)
    return asked


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"automaton": None, "automaton_path": None, "groups": ()},
        {"automaton": None, "automaton_path": None, "opening_path": MOSS},
        {"message": Message("fern %s is not an automaton file; " * 9, is_error=True)},
        {"help_is_open": True},
        {"is_paused": True, "undo_count": 20},
        {"settings": Settings(brush_kind="stamp")},
        {"automaton": random_automaton(16, 96, alive_masking=True)},
        {"settings": Settings(brush_kind="stamp", stamp=str(FERN)), "stamp_is_growing": True},
        {"settings": Settings(panel_visible=False), "message": Message("saved")},
    ],
)
def test_every_state_draws_and_asks_for_nothing(
    sidebar: Sidebar, changes: dict[str, object]
) -> None:
    for _ in range(3):
        assert draw(sidebar, replace(STATE, **changes)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stability",
    [
        StabilityState(Verdict("stable", "drift 0.50, limit 1.2", 2000)),
        StabilityState(Verdict("blows up", "100% of cells %s at the clamp", 500)),
        StabilityState(is_checking=True),
    ],
)
def test_every_badge_draws_and_checks_on_demand(
    sidebar: Sidebar, stability: StabilityState
) -> None:
    state = replace(STATE, stability=stability)
    draw(sidebar, state)
    asked = [action for y in range(30, 90, 8) for action in click(sidebar, state, 1250, y)]
    assert (CheckStability(MOSS) in asked) is not stability.is_checking


def test_a_thumbnail_opens_its_automaton(sidebar: Sidebar) -> None:
    draw(sidebar, STATE)
    asked = [action for y in range(100, 260, 20) for action in click(sidebar, STATE, 1095, y)]
    assert OpenFile(FERN) in asked and OpenFile(MOSS) not in asked


def test_clicking_everything_reaches_every_part(sidebar: Sidebar) -> None:
    asked = click_everything(sidebar, STATE)
    kinds = {type(action).__name__ for action in asked}
    expected = "OpenFile TogglePause StepOnce Restart RestartWithNewSeed Clear Scatter Fit"
    expected += " TakeScreenshot ToggleHelp Install ChangeSettings"
    assert set(expected.split()) <= kinds
    changed = [action.settings for action in asked if isinstance(action, ChangeSettings)]
    assert any(settings.smooth for settings in changed)
    assert any(not settings.tiled for settings in changed)
    assert any(settings.brush_kind == "stamp" for settings in changed)
    assert any(settings.brush_colour != Settings().brush_colour for settings in changed)


def test_the_grid_is_chosen_from_a_list(sidebar: Sidebar) -> None:
    asked = []
    for y in range(500, 700, 12):
        click(sidebar, STATE, 1150, y)
        if imgui.is_popup_open("", imgui.PopupFlags_.any_popup):
            asked += click(sidebar, STATE, 1150, y + 40)
            break
    grids = [action.settings.grid for action in asked if isinstance(action, ChangeSettings)]
    assert grids and grids[0] in [(64, 64), (128, 128), (512, 512)]


def test_an_extra_that_is_there_offers_no_installation(sidebar: Sidebar) -> None:
    there = replace(STATE, dream=ExtraState(DREAM, is_installed=True))
    kinds = {type(action).__name__ for action in click_everything(sidebar, there)}
    assert "Install" not in kinds and "TogglePause" in kinds


def test_a_hidden_panel_takes_no_clicks(sidebar: Sidebar) -> None:
    hidden = replace(STATE, settings=Settings(panel_visible=False))
    assert click_everything(sidebar, hidden, step=60) == []


def test_the_message_and_the_help_can_be_closed(sidebar: Sidebar) -> None:
    noted = replace(STATE, message=Message("saved"))
    draw(sidebar, noted)
    closed = [action for x in range(50, 110, 4) for action in click(sidebar, noted, x, 770)]
    assert Dismiss() in closed
    helped = replace(STATE, help_is_open=True)
    draw(sidebar, helped)
    closed = [action for y in range(600, 680, 8) for action in click(sidebar, helped, 150, y)]
    assert ToggleHelp() in closed and TogglePause() not in closed
