"""The panel draws every state it can be in, and its controls ask for what they say."""

from dataclasses import replace

import pytest
from imgui_bundle import imgui
from panel_hand import FERN, MOSS, STATE, click, click_everything, draw

from exporters.verdict import Verdict
from support import random_automaton
from viewer.actions import (
    ChangeSettings,
    CheckStability,
    Dismiss,
    FoldGroup,
    OpenFile,
    ToggleHelp,
    TogglePause,
)
from viewer.panels.sidebar import Sidebar
from viewer.panels.state import (
    Message,
    StabilityState,
    Tile,
    TileGroup,
)
from viewer.settings import Settings


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
    expected += " TakeScreenshot ToggleHelp ChangeSettings"
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


def test_a_large_group_unfolds(sidebar: Sidebar) -> None:
    groups = (TileGroup("Yours", (Tile(MOSS),), hidden_count=30, can_fold=True),)
    state = replace(STATE, groups=groups)
    draw(sidebar, state)
    asked = [action for y in range(100, 300, 12) for action in click(sidebar, state, 1120, y)]
    assert FoldGroup("Yours") in asked
