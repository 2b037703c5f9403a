"""The crop and the scale as the panel shows them are what a texture learns."""

from dataclasses import replace
from pathlib import Path

import panel_hand
import pytest
from imgui_bundle import ImVec2, imgui

from training.order import WHOLE_PICTURE
from viewer.panels.crop import GRID_CELLS, MARGIN_EMS, CropPart
from viewer.panels.sidebar import Sidebar
from viewer.panels.theme import em
from viewer.panels.training_state import TrainingState
from viewer.training_draft import TrainingDraft
from viewer.training_presets import FORM_OPTIONS, TrainingOptions

ROOM = 400.0
Place = tuple[float, float]


def draft_of(size: tuple[int, int], size_cells: int = 128) -> TrainingDraft:
    options = TrainingOptions(size_cells=size_cells)
    return TrainingDraft(Path("moss.png"), size, options=options)


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (draft_of((64, 64)), ("learns 64 x 64 pixels", "64 cells")),
        (draft_of((2000, 40)), ("learns 80 x 40 pixels", "40 cells")),
        (draft_of((640, 480)), ("learns 640 x 480 pixels", "128 cells")),
        (draft_of((640, 480), 512), ("learns 640 x 480 pixels", "480 cells")),
        (replace(draft_of((2000, 40)), options=FORM_OPTIONS), ("grows this form", "40 cells")),
        (
            replace(draft_of((20, 20)), options=replace(FORM_OPTIONS, size_cells=56)),
            ("grows this form", "56 cells"),
        ),
    ],
)
def test_the_panel_says_what_is_learnt(
    sidebar: Sidebar, draft: TrainingDraft, said: tuple[str, ...]
) -> None:
    state = replace(panel_hand.STATE, training=TrainingState(tab="train", draft=draft))
    for _ in range(2):
        panel_hand.draw(sidebar, state)
    lines = panel_hand.read(sidebar, state)
    assert all(text in lines for text in said)


class Hand:
    """Drags on a picture; `at` says where on the screen a share of it lies."""

    def __init__(self, draft: TrainingDraft) -> None:
        self.draft = draft
        self._part = CropPart()
        self._draw()

    def at(self, x: float, y: float) -> Place:
        return self._low.x + x * self._size.x, self._low.y + y * self._size.y

    def drag(self, start: Place, *ends: Place) -> TrainingDraft:
        """Point, press, move and release; the draft that comes of it."""
        inputs = imgui.get_io()
        for place, is_down in (
            (start, False),
            (start, True),
            *((end, True) for end in ends),
            (ends[-1], False),
        ):
            inputs.add_mouse_pos_event(*place)
            inputs.add_mouse_button_event(0, is_down)
            for _ in range(2):
                self._draw()
        return self.draft

    def _draw(self) -> None:
        imgui.get_io().delta_time = 1 / 60
        imgui.new_frame()
        imgui.set_next_window_pos(ImVec2(100, 100))
        imgui.set_next_window_size(ImVec2(ROOM, ROOM))
        imgui.begin("panel", flags=imgui.WindowFlags_.no_decoration)
        self.draft = self._part.draw(self.draft, texture=0)
        low, high, margin = imgui.get_item_rect_min(), imgui.get_item_rect_max(), em(MARGIN_EMS)
        self._low = ImVec2(low.x + margin, low.y + margin)
        self._size = ImVec2(high.x - low.x - 2 * margin, high.y - low.y - 2 * margin)
        imgui.end()
        imgui.render()


def nudged(place: Place, by: float) -> Place:
    return place[0] + by, place[1] + by


@pytest.mark.parametrize("size_cells", [32, GRID_CELLS, 70])
def test_the_corner_of_the_crop_can_be_dragged_at_any_scale(
    sidebar: Sidebar, size_cells: int
) -> None:
    draft = draft_of((640, 640), size_cells)
    hand = Hand(draft)
    changed = hand.drag(hand.at(1, 1), hand.at(0.75, 0.75))
    assert changed.crop == pytest.approx((0, 0, 0.75, 0.75), abs=0.01)
    assert changed.options == draft.options


def test_the_upper_corner_of_a_small_crop_can_be_dragged_at_the_largest_scale(
    sidebar: Sidebar,
) -> None:
    draft = replace(draft_of((4000, 4000), 512), crop=(0.2, 0.2, 0.5, 0.5))
    hand = Hand(draft)
    changed = hand.drag(hand.at(0.2, 0.2), hand.at(0.3, 0.3))
    assert changed.crop == pytest.approx((0.3, 0.3, 0.5, 0.5), abs=0.01)
    assert changed.options == draft.options


@pytest.mark.parametrize("size_cells", [32, GRID_CELLS, 70])
def test_the_scale_can_be_dragged_from_beside_that_corner(
    sidebar: Sidebar, size_cells: int
) -> None:
    hand = Hand(draft_of((640, 640), size_cells))
    handle = nudged(hand.at(1, 1), -em(1.2))
    changed = hand.drag(handle, nudged(handle, -40))
    assert changed.crop == WHOLE_PICTURE
    assert 70 < changed.options.size_cells < 110


def test_the_scale_does_not_jump_when_it_is_taken_hold_of(sidebar: Sidebar) -> None:
    hand = Hand(draft_of((640, 640), GRID_CELLS))
    handle = nudged(hand.at(1, 1), -em(1.2))
    changed = hand.drag(handle, nudged(handle, -2), nudged(handle, 0))
    assert changed.options.size_cells == GRID_CELLS


def test_the_scale_ends_where_a_picture_would_be_enlarged(sidebar: Sidebar) -> None:
    hand = Hand(draft_of((100, 100)))
    corner = hand.at(0.64, 0.64)
    assert hand.drag(corner, nudged(corner, -60)).options.size_cells == 100


@pytest.mark.parametrize("size", [(64, 64), (1000, 50)])
def test_a_picture_no_larger_than_a_grid_has_no_scale_to_drag(
    sidebar: Sidebar, size: tuple[int, int]
) -> None:
    draft = draft_of(size)
    hand = Hand(draft)
    for share in range(1, 20):
        place = hand.at(share / 20, share / 20)
        assert hand.drag(place, nudged(place, -30)).options == draft.options


def test_of_a_long_picture_another_part_can_be_chosen(sidebar: Sidebar) -> None:
    hand = Hand(draft_of((2000, 100)))
    changed = hand.drag(hand.at(0.5, 0.5), hand.at(0.25, 0.5))
    assert changed.crop == pytest.approx((0.2, 0, 0.3, 1), abs=0.01)
    assert changed.learnt_pixels == (200, 100)
    assert changed.order().crop == changed.crop


def test_looking_at_a_long_picture_crops_nothing(sidebar: Sidebar) -> None:
    hand = Hand(draft_of((2000, 100)))
    assert hand.draft == draft_of((2000, 100))
