"""The style panel draws every state it can be in, and its controls ask for what they say."""

from dataclasses import fields, replace
from pathlib import Path

import panel_hand
import pytest
from imgui_bundle import imgui
from panel_hand import WINDOW, press_escape, tap
from panel_pictures import FILLED, STATE, click_everything, with_painting

from training.stylize.order import StylizeOrder
from training.stylize.protocol import IterationDone
from viewer.actions import Action, Install
from viewer.extras import TRAIN
from viewer.loss_curve import LossCurve
from viewer.panels.sidebar import TABS, Sidebar
from viewer.panels.state import ExtraState, PanelState
from viewer.panels.stylize_state import StylizeRunState, StylizeState
from viewer.stylize_actions import (
    BrowseForWeights,
    ChangePainting,
    ClosePainting,
    ContinuePainting,
    DeletePainting,
    LeavePainting,
    OpenPainting,
    PausePainting,
    RestartPainting,
    SavePainting,
    ShowOriginal,
    ShowPainting,
    StartPainting,
    StopPainting,
    UsePainting,
)
from viewer.stylize_draft import StylizeDraft
from viewer.stylize_runs import KeptPainting

FOLDER = Path("/d/paintings/cat_in_koi")
KEPT = KeptPainting(StylizeOrder(FOLDER), is_finished=False)
WRONG = StylizeDraft(size_pixels="9 %s", loss="art", style_weight="-1", random_seed="x")
LOSSES = LossCurve()
for number in range(1, 30):
    LOSSES.append(number, 1 / number)
RUN = StylizeRunState(
    name="cat in koi %s",
    folder=FOLDER,
    status="Painting",
    notes=("style: patches %s",),
    phase="painting",
    has_ended=False,
    is_finished=False,
    has_failed=False,
    has_picture=True,
    progress=IterationDone(29, 200, 0.1, 90.0),
    losses=LOSSES,
)
STOPPED = replace(RUN, has_ended=True, status="Stopped")
FINISHED = replace(STOPPED, is_finished=True, status="Finished")
FAILED = replace(STOPPED, has_failed=True, status="the disk is full %s.")
BEGINNING = replace(
    RUN,
    status="Getting ready...",
    phase="preparing",
    has_picture=False,
    progress=None,
    losses=LossCurve(),
    notes=(),
)
SHOWN = StylizeState(run=RUN, is_shown=True)


def drafts(asked: list[Action]) -> list[StylizeDraft]:
    return [action.draft for action in asked if isinstance(action, ChangePainting)]


@pytest.mark.parametrize(
    "painting",
    [
        StylizeState(),
        FILLED,
        StylizeState(WRONG, is_starting=True),
        SHOWN,
        StylizeState(run=BEGINNING, is_shown=True),
        StylizeState(run=replace(RUN, phase="paused"), is_shown=True),
        StylizeState(run=STOPPED),
        StylizeState(run=FINISHED, is_shown=True, is_starting=True),
        StylizeState(run=FAILED),
        StylizeState(run=RUN, asks_before_closing=True, is_shown=True),
        StylizeState(earlier=(KEPT, replace(KEPT, is_finished=True))),
    ],
)
@pytest.mark.parametrize("is_installed", [True, False])
def test_every_state_draws_and_asks_for_nothing(
    sidebar: Sidebar, painting: StylizeState, is_installed: bool
) -> None:
    state = replace(STATE, train=ExtraState(TRAIN, is_installed))
    for _ in range(3):
        assert panel_hand.draw(sidebar, with_painting(painting, state)) == []


@pytest.mark.parametrize("ui_scale", [1.0, 1.25, 2.0])
def test_the_names_of_all_tabs_fit(sidebar: Sidebar, ui_scale: float) -> None:
    scaled = Sidebar(ui_scale)
    panel_hand.draw(scaled, STATE)
    room = (scaled.width_points() - 2 * imgui.get_style().window_padding.x) / len(TABS)
    imgui.new_frame()
    widest = max(imgui.calc_text_size(tab.capitalize()).x for tab in TABS)
    imgui.end_frame()
    assert widest < room - 2


def test_the_pointer_says_which_slot_a_drop_fills(sidebar: Sidebar) -> None:
    state, inputs = with_painting(FILLED), imgui.get_io()
    found = {}
    for x in (500, 1050, 1200):
        inputs.add_mouse_pos_event(x, 190)
        for _ in range(2):
            panel_hand.draw(sidebar, state)
        found[x] = sidebar.pointed_slot()
    assert found == {500: None, 1050: "content", 1200: "style"}
    for _ in range(2):
        panel_hand.draw(sidebar, with_painting(SHOWN))
    assert sidebar.pointed_slot() is None, "where no slot is to be seen"


def test_the_plain_choices_are_at_hand(sidebar: Sidebar) -> None:
    changed = drafts(click_everything(sidebar, with_painting(FILLED)))
    assert {draft.start for draft in changed} == {"content", "style", "noise"}
    assert {draft.loss for draft in changed} >= {"gram", "patch"}
    usual = StylizeDraft()
    for name in ("style_weight", "size_pixels", "iterations"):
        moved = {getattr(draft, name) for draft in changed} - {getattr(usual, name)}
        assert moved and all(float(text) > 0 for text in moved), name
    assert all(draft.complaint(field.name) == "" for draft in changed for field in fields(draft))


def unfold(sidebar: Sidebar, state: PanelState) -> None:
    """Open what is folded away under "More"."""
    panel_hand.draw(sidebar, state)
    for y in range(490, 560, 6):
        tap(sidebar, state, 1012, y)
        if sidebar._stylize._options._unfolded:
            return
    pytest.fail("nothing unfolds")


def type_everywhere(sidebar: Sidebar, state: PanelState, top: int) -> list[Action]:
    """Click down a few columns below a height, and type into whatever takes text."""
    asked: list[Action] = []
    for x in (1100, 1190, 1230):
        for y in range(top, WINDOW[1] - 50, 12):
            asked += tap(sidebar, state, x, y)
            imgui.get_io().add_input_character(ord("7"))
            asked += panel_hand.draw(sidebar, state)
            press_escape(sidebar, state)
    return asked


def test_all_others_are_under_more(sidebar: Sidebar) -> None:
    state = with_painting(FILLED)
    unfold(sidebar, state)
    asked = type_everywhere(sidebar, state, top=535)
    # The rest is scrolled to.
    imgui.get_io().add_mouse_pos_event(1100, 600)
    for _ in range(12):
        imgui.get_io().add_mouse_wheel_event(0, -5)
        panel_hand.draw(sidebar, state)
    asked += type_everywhere(sidebar, state, top=340)
    usual, main = StylizeDraft(), {"style_weight", "size_pixels", "iterations", "start"}
    names = {field.name for field in fields(StylizeDraft)}
    for name in names - main:
        changed = {getattr(draft, name) for draft in drafts(asked)}
        assert changed - {getattr(usual, name)}, f"{name} cannot be changed"
    assert names == {field.name for field in fields(StylizeOrder)} - {"folder"}
    assert BrowseForWeights() in asked


@pytest.mark.parametrize(
    ("run", "offered", "refused"),
    [
        (
            RUN,
            {PausePainting(), StopPainting(), UsePainting("seed"), UsePainting("start")},
            {ContinuePainting(), RestartPainting(), ClosePainting()},
        ),
        (replace(RUN, phase="paused"), {ContinuePainting(), StopPainting()}, {PausePainting()}),
        (BEGINNING, {StopPainting()}, {PausePainting(), SavePainting(), UsePainting("seed")}),
        (STOPPED, {ContinuePainting(), RestartPainting(), ClosePainting()}, {StopPainting()}),
        (
            FINISHED,
            {RestartPainting(), SavePainting(), SavePainting(asks=True), UsePainting("exemplar")},
            {ContinuePainting(), PausePainting()},
        ),
        (FAILED, {ContinuePainting(), RestartPainting(), ClosePainting()}, {PausePainting()}),
    ],
)
def test_a_painting_offers_what_can_be_done(
    sidebar: Sidebar, run: StylizeRunState, offered: set[Action], refused: set[Action]
) -> None:
    painting = StylizeState(run=run, is_shown=True)
    asked = set(click_everything(sidebar, with_painting(painting)))
    assert offered <= asked and not refused & asked


def test_the_painting_comes_back_to_the_view(sidebar: Sidebar) -> None:
    assert ShowPainting() in click_everything(sidebar, with_painting(StylizeState(run=RUN)))


def hold(sidebar: Sidebar, painting: StylizeState, x: float, y: float) -> list[Action]:
    """Press, draw a few frames, and release; what was asked for while it was held."""
    inputs, asked = imgui.get_io(), list[Action]()
    inputs.add_mouse_pos_event(x, y)
    panel_hand.draw(sidebar, with_painting(painting))
    inputs.add_mouse_button_event(0, True)
    for _ in range(3):
        asked += panel_hand.draw(sidebar, with_painting(painting))
    inputs.add_mouse_button_event(0, False)
    for _ in range(2):
        panel_hand.draw(sidebar, with_painting(painting))
    return asked


def test_holding_the_picture_or_a_button_shows_the_original(sidebar: Sidebar) -> None:
    assert ShowOriginal(True) in hold(sidebar, SHOWN, 400, 300)
    held = [y for y in range(100, 240, 8) if ShowOriginal(True) in hold(sidebar, SHOWN, 1200, y)]
    assert held and max(held) - min(held) < 40, "one button alone"
    # Once it is let go of, the painting is back.
    assert ShowOriginal(False) in panel_hand.draw(
        sidebar, with_painting(replace(SHOWN, shows_original=True))
    )


def test_earlier_paintings_are_opened(sidebar: Sidebar) -> None:
    asked = click_everything(sidebar, with_painting(replace(FILLED, earlier=(KEPT,))))
    assert OpenPainting(FOLDER) in asked and DeletePainting(FOLDER) not in asked


def test_deleting_asks_first(sidebar: Sidebar) -> None:
    state = with_painting(replace(FILLED, earlier=(KEPT,)))
    panel_hand.draw(sidebar, state)
    for y in range(540, 640, 6):
        assert DeletePainting(FOLDER) not in tap(sidebar, state, 1250, y)
        if DeletePainting(FOLDER) in tap(sidebar, state, 1215, y + 22):
            return
        press_escape(sidebar, state)
    pytest.fail("nothing deletes the painting")


def test_what_is_missing_is_offered_for_installation(sidebar: Sidebar) -> None:
    state = replace(STATE, train=ExtraState(TRAIN, is_installed=False))
    asked = click_everything(sidebar, with_painting(FILLED, state))
    assert Install(TRAIN) in asked and StartPainting() not in asked


def test_closing_on_a_painting_says_that_nothing_is_lost(sidebar: Sidebar) -> None:
    state = with_painting(replace(SHOWN, asks_before_closing=True))
    panel_hand.draw(sidebar, state)
    asked = [action for y in range(300, 520, 10) for action in tap(sidebar, state, 640, y)]
    assert {LeavePainting("leave"), LeavePainting("stay")} <= set(asked)
