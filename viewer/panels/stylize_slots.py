"""The two pictures of a painting: what it shows, and what gives the manner."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.panels import theme
from viewer.panels.browser import draw_tiles
from viewer.panels.state import Tile
from viewer.panels.stylize_state import SlotState, StylizeState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import button, heading, shortened, thirds, tooltip
from viewer.stylize_actions import AimDrop, BrowseForSlot, FillFromView, FillSlot, SwapSlots
from viewer.stylize_draft import SLOTS, SlotName

TITLES: dict[SlotName, str] = {"content": "Picture", "style": "Style"}
HINTS: dict[SlotName, str] = {
    "content": "What the painting shows",
    "style": "The picture whose manner it takes",
}
CHOOSING: dict[SlotName, str] = {
    "content": "Choose the picture to paint",
    "style": "Choose a picture for the style",
}
BETWEEN_EMS = 2.2
# Its corners, top left and bottom right.
Rectangle = tuple[ImVec2, ImVec2]


class SlotsPart:
    """Draws the part; knows over which slot the pointer is."""

    def __init__(self) -> None:
        self._rectangles: dict[SlotName, Rectangle] = {}
        self._drawn_at_frame = 0

    def pointed_slot(self) -> SlotName | None:
        """The slot under the pointer, where the part was drawn in the last frame."""
        if imgui.get_frame_count() - self._drawn_at_frame > 1:
            return None
        mouse = imgui.get_io().mouse_pos
        for slot, (low, high) in self._rectangles.items():
            if low.x <= mouse.x < high.x and low.y <= mouse.y < high.y:
                return slot
        return None

    def draw(self, painting: StylizeState, fonts: Fonts) -> Iterator[Action]:
        """Draw it; gives what the user asked for."""
        self._drawn_at_frame = imgui.get_frame_count()
        width = (imgui.get_content_region_avail().x - em(BETWEEN_EMS)) / 2
        for slot in SLOTS:
            if slot == SLOTS[1]:
                imgui.same_line(0, 0)
                yield from _draw_swap(width)
                imgui.same_line(0, 0)
            imgui.push_id(slot)
            imgui.begin_child(slot, ImVec2(width, 0), imgui.ChildFlags_.auto_resize_y)
            heading(fonts, TITLES[slot])
            yield from self._draw_slot(painting, slot, width)
            yield from _draw_buttons(painting, slot)
            imgui.end_child()
            imgui.pop_id()

    def _draw_slot(self, painting: StylizeState, slot: SlotName, side: float) -> Iterator[Action]:
        state, is_next = painting.slot(slot), painting.next_slot == slot
        if imgui.invisible_button("picture", ImVec2(side, side)):
            yield AimDrop(slot)
        dropped = "the next picture dropped comes here" if is_next else "click to drop one here"
        tooltip(f"{HINTS[slot]}; {dropped}")
        low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
        self._rectangles[slot] = low, high
        canvas = imgui.get_window_draw_list()
        ground = theme.RAISED_HOVER if imgui.is_item_hovered() else theme.RAISED
        canvas.add_rect_filled(low, high, imgui.get_color_u32(ground), em(0.4))
        if state.texture:
            first, last = _fitted(state.size, low, side)
            canvas.add_image(imgui.ImTextureRef(state.texture), first, last)
        else:
            _draw_invitation(state, low, side)
        if is_next:
            colour = imgui.get_color_u32(theme.ACCENT_DIM)
            canvas.add_rect(low, high, colour, rounding=em(0.4), thickness=em(0.12))
        if state.name:
            imgui.text(shortened(state.name, side))
            tooltip(state.name)
        else:
            imgui.text_colored(theme.FAINT, "drops come here" if is_next else "")


def _draw_invitation(state: SlotState, low: ImVec2, side: float) -> None:
    """What an empty slot says in its middle."""
    text = "Reading..." if state.is_loading else "Drop a picture"
    lines = ((Icon.PICTURE, theme.ACCENT), (text, theme.QUIET))
    y = low.y + (side - len(lines) * em(1.5)) / 2
    for text, colour in lines:
        x = low.x + (side - imgui.calc_text_size(text).x) / 2
        imgui.get_window_draw_list().add_text(ImVec2(x, y), imgui.get_color_u32(colour), text)
        y += em(1.5)


def _draw_buttons(painting: StylizeState, slot: SlotName) -> Iterator[Action]:
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    imgui.push_style_var_x(imgui.StyleVar_.item_spacing, em(0.3))
    if button(Icon.FOLDER, "Browse for a picture", thirds()):
        yield BrowseForSlot(slot)
    imgui.same_line()
    if button(Icon.GRID, "From the grid, as it is now", thirds(2)):
        yield FillFromView(slot)
    imgui.same_line()
    if button(Icon.PICTURES, "From the pictures of the gallery", -1):
        imgui.open_popup("gallery")
    imgui.pop_style_var(2)
    if imgui.begin_popup("gallery"):
        imgui.text_colored(theme.QUIET, CHOOSING[slot])
        tiles = tuple(Tile(tile.path, tile.texture) for tile in painting.exemplars)
        path = draw_tiles(tiles, None)
        if path is not None:
            imgui.close_current_popup()
            yield FillSlot(path, slot)
        imgui.end_popup()


def _draw_swap(side: float) -> Iterator[Action]:
    """Between the two, half way down their pictures."""
    imgui.begin_child("swap", ImVec2(em(BETWEEN_EMS), 0), imgui.ChildFlags_.auto_resize_y)
    height = imgui.get_frame_height()
    margin = (em(BETWEEN_EMS) - em(1.6)) / 2
    imgui.set_cursor_pos(ImVec2(margin, em(1.6) + (side - height) / 2))
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.SWAP, "Let the two change places", em(1.6)):
        yield SwapSlots()
    imgui.pop_style_var()
    imgui.end_child()


def _fitted(size: tuple[int, int], low: ImVec2, side: float) -> Rectangle:
    """Where a picture of that size lies in a square, whole and in its middle."""
    scale = side / max(size)
    width, height = (each * scale for each in size)
    first = ImVec2(low.x + (side - width) / 2, low.y + (side - height) / 2)
    return first, ImVec2(first.x + width, first.y + height)
