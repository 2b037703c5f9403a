"""The automata to choose from, as thumbnails."""

from collections.abc import Iterator
from pathlib import Path

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, FoldGroup, OpenFile
from viewer.panels import theme
from viewer.panels.state import PanelState, Tile
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import button, display_name, heading, tooltip

TILES_A_ROW = 4
WHITE = 0xFFFFFFFF


def tile_points() -> float:
    """The side of a thumbnail."""
    padding = 2 * imgui.get_style().window_padding.x
    spacing = imgui.get_style().item_spacing.x * (TILES_A_ROW - 1)
    return float(int((em(theme.PANEL_EMS) - padding - spacing) / TILES_A_ROW))


def draw_browser(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; a click on a thumbnail opens that automaton."""
    for group in state.groups:
        heading(fonts, group.title)
        path = draw_tiles(group.tiles, state.automaton_path)
        if path is not None:
            yield OpenFile(path)
        if group.can_fold:
            text = f"Show {group.hidden_count} more" if group.hidden_count else "Show fewer"
            if button(f"{text}##{group.title}", "All automata of this group, or a few", -1):
                yield FoldGroup(group.title)


def draw_tiles(tiles: tuple[Tile, ...], chosen: Path | None) -> Path | None:
    """Thumbnails in rows; gives the one clicked."""
    clicked = None
    for index, tile in enumerate(tiles):
        if index % TILES_A_ROW:
            imgui.same_line()
        if _draw_tile(tile, tile.path == chosen):
            clicked = tile.path
    return clicked


def _draw_tile(tile: Tile, is_chosen: bool) -> bool:
    side = tile_points()
    imgui.push_id(str(tile.path))
    clicked = imgui.invisible_button("tile", ImVec2(side, side))
    imgui.pop_id()
    tooltip(display_name(tile.path))
    low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
    canvas, rounding = imgui.get_window_draw_list(), em(0.35)
    if tile.texture:
        canvas.add_image_rounded(
            imgui.ImTextureRef(tile.texture), low, high, (0, 0), (1, 1), WHITE, rounding
        )
    else:
        canvas.add_rect_filled(low, high, imgui.get_color_u32(theme.RAISED), rounding)
        _draw_initial(tile, low, side)
    if tile.is_opening:
        canvas.add_rect_filled(low, high, imgui.get_color_u32(theme.VEIL), rounding)
    if is_chosen or imgui.is_item_hovered():
        _draw_frame(low, high, is_chosen)
    return clicked


def _draw_initial(tile: Tile, low: ImVec2, side: float) -> None:
    initial = display_name(tile.path)[:2]
    size = imgui.calc_text_size(initial)
    place = ImVec2(low.x + (side - size.x) / 2, low.y + (side - size.y) / 2)
    imgui.get_window_draw_list().add_text(place, imgui.get_color_u32(theme.FAINT), initial)


def _draw_frame(low: ImVec2, high: ImVec2, is_chosen: bool) -> None:
    """A ring with a dark line inside, so that it shows on any texture."""
    canvas = imgui.get_window_draw_list()
    bright = theme.ACCENT if is_chosen else theme.QUIET
    for inset, colour, width in ((em(0.15), theme.GROUND, em(0.14)), (0.0, bright, em(0.15))):
        canvas.add_rect(
            ImVec2(low.x + inset, low.y + inset),
            ImVec2(high.x - inset, high.y - inset),
            imgui.get_color_u32(colour),
            rounding=em(0.35) - inset / 2,
            thickness=width,
        )
