"""The brush: what it paints, how large it is, and the ways to begin anew."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imgui_bundle import ImVec2, ImVec4, imgui

from viewer.actions import Action, ChangeSettings, Clear, Scatter, Undo, UseStamp
from viewer.brush import WHOLE_CELLS_FROM
from viewer.panels.browser import draw_tiles
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import button, heading, quiet_text, segments, slider, thirds, tooltip
from viewer.settings import (
    LARGEST_BRUSH_RADIUS_CELLS,
    SMALLEST_BRUSH_RADIUS_CELLS,
    BrushKind,
    Settings,
)

PLAIN_SWATCH = imgui.ColorEditFlags_.no_tooltip
KINDS: tuple[BrushKind, ...] = ("colour", "stamp")
PALETTE = (
    (0.85, 0.22, 0.22),
    (0.72, 0.36, 0.72),
    (0.24, 0.42, 0.80),
    (0.22, 0.66, 0.70),
    (0.42, 0.66, 0.30),
    (0.96, 0.93, 0.86),
    (0.08, 0.08, 0.09),
)


def draw_brush(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    """Draw the part; gives what the user asked for."""
    settings = state.settings
    heading(fonts, "Brush")
    if state.automaton is not None and state.automaton.alive_masking:
        quiet_text("Click to plant a seed; drag to erase.")
    else:
        yield from _draw_kinds(state)
    yield from _draw_radius(settings)
    yield from _draw_buttons(state)


def _draw_kinds(state: PanelState) -> Iterator[Action]:
    settings = state.settings
    chosen = segments("kind", ("Colour", "Stamp"), KINDS.index(settings.brush_kind))
    if KINDS[chosen] != settings.brush_kind:
        yield ChangeSettings(replace(settings, brush_kind=KINDS[chosen]))
    if settings.brush_kind == "colour":
        yield from _draw_colours(settings)
    else:
        yield from _draw_stamps(state)


def _draw_colours(settings: Settings) -> Iterator[Action]:
    side = thirds(len(PALETTE) + 2)
    size = ImVec2(side, imgui.get_frame_height())
    double = 2 * side + imgui.get_style().item_spacing.x
    picked = _pick_colour(settings, ImVec2(double, size.y))
    for index, swatch in enumerate(PALETTE):
        imgui.same_line()
        if imgui.color_button(f"##{index}", ImVec4(*swatch, 1), PLAIN_SWATCH, size):
            picked = swatch
    if picked is not None:
        red, green, blue = (min(max(level, 0.0), 1.0) for level in picked)
        yield ChangeSettings(replace(settings, brush_colour=(red, green, blue)))


def _pick_colour(settings: Settings, size: ImVec2) -> tuple[float, ...] | None:
    """The colour in use; a click opens a picker."""
    if imgui.color_button("##colour", ImVec4(*settings.brush_colour, 1), PLAIN_SWATCH, size):
        imgui.open_popup("picker")
    tooltip("The colour to paint with; click to mix another")
    picked = None
    if imgui.begin_popup("picker"):
        flags = imgui.ColorEditFlags_.no_side_preview | imgui.ColorEditFlags_.display_hex
        imgui.set_next_item_width(em(14))
        changed, colour = imgui.color_picker3("##mix", list(settings.brush_colour), flags)
        picked = tuple(colour) if changed else None
        imgui.end_popup()
    return picked


def _draw_stamps(state: PanelState) -> Iterator[Action]:
    chosen = Path(state.settings.stamp) if state.settings.stamp else None
    imgui.push_id("stamps")
    for group in state.groups:
        clicked = draw_tiles(group.tiles, chosen)
        if clicked is not None:
            yield UseStamp(clicked)
    imgui.pop_id()
    if state.stamp_is_growing:
        quiet_text("Growing the stamp: the brush paints it in a few seconds.")
    elif chosen is None:
        quiet_text("Choose whose texture to paint with.")


def _draw_radius(settings: Settings) -> Iterator[Action]:
    radius = settings.brush_radius_cells
    changed = slider(
        "Radius",
        radius,
        SMALLEST_BRUSH_RADIUS_CELLS,
        LARGEST_BRUSH_RADIUS_CELLS,
        f"{radius:.0f} cells" if radius >= WHOLE_CELLS_FROM else f"{radius:.1f} cells",
    )
    if changed is not None:
        whole = changed >= WHOLE_CELLS_FROM
        radius = float(round(changed)) if whole else round(changed, 1)
        yield ChangeSettings(replace(settings, brush_radius_cells=radius))


def _draw_buttons(state: PanelState) -> Iterator[Action]:
    width = thirds()
    undo = f"Take back the last stroke or clear; {state.undo_count} are kept (Ctrl + Z)"
    if button(f"{Icon.UNDO}  Undo", undo, width, enabled=state.undo_count > 0):
        yield Undo()
    imgui.same_line()
    if button(f"{Icon.CLEAR}  Clear", "Erase the whole grid (C)", width):
        yield Clear()
    imgui.same_line()
    if button(f"{Icon.NOISE}  Noise", "Begin again from noise (X)", width):
        yield Scatter()
