"""Where a dream begins: on the grid, with a picture, or with words."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action
from viewer.dream_actions import (
    BrowseForSource,
    ChangeDream,
    ChooseFirst,
    ImagineFirst,
    ShowDream,
    StopHelper,
)
from viewer.dream_draft import SourceKind
from viewer.panels import theme
from viewer.panels.dream_state import DreamState, SheetTile
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import button, heading, quiet_text, segments, shortened, tooltip

SOURCES: tuple[SourceKind, ...] = ("grid", "picture", "prompt")
THUMBNAIL_EMS = 4.0
SPACING_POINTS = 4.0


def thumbnail_points() -> float:
    """The side of the picture that a dream begins with, and of the first ones to choose from."""
    return float(int(em(THUMBNAIL_EMS)))


def draw_source(dream: DreamState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    heading(fonts, "Begin with")
    draft = dream.draft
    chosen = SOURCES[
        segments("source", ("The grid", "A picture", "A prompt"), SOURCES.index(draft.source))
    ]
    if chosen != draft.source:
        yield ChangeDream(replace(draft, source=chosen))
    if draft.source == "picture":
        yield from _draw_picture(dream)
    elif draft.source == "prompt":
        yield from _draw_prompt(dream)


def _draw_picture(dream: DreamState) -> Iterator[Action]:
    picture = dream.draft.picture
    side = thumbnail_points()
    if dream.source_texture:
        imgui.image(imgui.ImTextureRef(dream.source_texture), ImVec2(side, side))
        tooltip("Show it")
        if imgui.is_item_clicked():
            yield ShowDream()
        imgui.same_line()
    imgui.begin_group()
    if picture is None:
        quiet_text("Drop a picture on the window, or")
    else:
        imgui.text(shortened(picture.name, imgui.get_content_region_avail().x))
        tooltip(str(picture))
    if button(f"{Icon.FOLDER}  Browse...", "Choose the picture to begin with", -1):
        yield BrowseForSource()
    imgui.end_group()


def _draw_prompt(dream: DreamState) -> Iterator[Action]:
    draft = dream.draft
    if not draft.can_imagine:
        quiet_text(
            "The patch dreamer cannot imagine a picture from words. "
            "Choose a diffusion model below, or begin with a picture."
        )
        return
    if draft.backend == "own":
        quiet_text("A model of your own imagines its first picture by itself.")
        return
    if dream.helper == "imagining":
        quiet_text(dream.helper_note or "Imagining first pictures...")
        if button("Cancel##sheet", "Keep the pictures that are there", -1):
            yield StopHelper()
    elif button(
        f"{Icon.SPARK}  Imagine first pictures",
        "Several seeds, each with several guidances, to choose from",
        -1,
        enabled=not dream.helper and bool(draft.model and draft.journey.rows[0].prompt),
    ):
        yield ImagineFirst()
    yield from _draw_sheet(dream)


def _draw_sheet(dream: DreamState) -> Iterator[Action]:
    """Rows of guidances, columns of seeds; a click chooses."""
    if not dream.sheet:
        return
    columns = max(tile.column for tile in dream.sheet) + 1
    room = imgui.get_content_region_avail().x
    side = float(int((room - (columns - 1) * SPACING_POINTS) / columns))
    imgui.push_style_var(imgui.StyleVar_.item_spacing, ImVec2(SPACING_POINTS, SPACING_POINTS))
    for tile in dream.sheet:
        if tile.column:
            imgui.same_line(tile.column * (side + SPACING_POINTS))
        if _draw_tile(tile, side, (tile.row, tile.column) == dream.draft.first):
            yield ChooseFirst(tile.row, tile.column)
    imgui.pop_style_var()


def _draw_tile(tile: SheetTile, side: float, is_chosen: bool) -> bool:
    imgui.push_id(f"first {tile.row} {tile.column}")
    clicked = imgui.invisible_button("first", ImVec2(side, side))
    imgui.pop_id()
    tooltip(f"seed {tile.seed}, guidance {tile.guidance:g}")
    low, high = imgui.get_item_rect_min(), imgui.get_item_rect_max()
    canvas = imgui.get_window_draw_list()
    if tile.texture:
        canvas.add_image(imgui.ImTextureRef(tile.texture), low, high)
    else:
        canvas.add_rect_filled(low, high, imgui.get_color_u32(theme.RAISED))
    if is_chosen or imgui.is_item_hovered():
        bright = imgui.get_color_u32(theme.ACCENT if is_chosen else theme.QUIET)
        canvas.add_rect(low, high, bright, thickness=em(0.15))
    return clicked
