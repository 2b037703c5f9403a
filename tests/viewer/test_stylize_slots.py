"""The two pictures of the style panel: chosen, dropped, taken from the gallery."""

import panel_hand
from panel_hand import press_escape, tap
from panel_pictures import EXEMPLARS, FILLED, click_everything, with_painting

from viewer.actions import Action
from viewer.keys import KeyPress
from viewer.panels.sidebar import Sidebar
from viewer.stylize_actions import (
    AimDrop,
    BrowseForSlot,
    FillFromView,
    FillSlot,
    StartPainting,
    SwapSlots,
)
from viewer.stylize_draft import SLOTS
from viewer.training_actions import ShowTab


def test_two_pictures_are_chosen(sidebar: Sidebar) -> None:
    asked = set(click_everything(sidebar, with_painting(FILLED)))
    for slot in SLOTS:
        assert {AimDrop(slot), BrowseForSlot(slot), FillFromView(slot)} <= asked
    assert {SwapSlots(), StartPainting(), ShowTab("play"), ShowTab("dream")} <= asked


def test_an_exemplar_of_the_gallery_is_chosen(sidebar: Sidebar) -> None:
    state = with_painting(FILLED)
    chosen = set[Action]()
    for slot_x in (1092, 1244):
        for y in range(270, 310, 10):
            for tile in (1023, 1092, 1160):
                tap(sidebar, state, slot_x, y)
                chosen |= set(tap(sidebar, state, tile, y + 62))
                press_escape(sidebar, state)
    for slot in SLOTS:
        assert {FillSlot(tile.path, slot) for tile in EXEMPLARS[:3]} <= chosen


def test_the_menu_of_the_gallery_says_which_slot_it_fills(sidebar: Sidebar) -> None:
    state = with_painting(FILLED)
    panel_hand.draw(sidebar, state)
    invitations = {1092: "Choose the picture to paint", 1244: "Choose a picture for the style"}
    for slot_x, invitation in invitations.items():
        tap(sidebar, state, slot_x, 289)
        lines = panel_hand.read(sidebar, state).splitlines()
        assert [line for line in lines if line in invitations.values()] == [invitation]
        assert sidebar.takes(KeyPress("escape"))
        panel_hand.draw(sidebar, state)


def test_escape_closes_a_menu_and_nothing_else(sidebar: Sidebar) -> None:
    state, escape = with_painting(FILLED), KeyPress("escape")
    panel_hand.draw(sidebar, state)
    assert not sidebar.takes(escape), "no menu is open: the key is for the window"
    tap(sidebar, state, 1092, 289)
    assert not sidebar.takes(KeyPress("c")), "other keys stay the window's"
    assert sidebar.takes(escape)
    panel_hand.draw(sidebar, state)
    assert not sidebar.takes(escape), "the menu is gone"
