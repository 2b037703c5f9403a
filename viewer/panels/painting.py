"""The brush: what it paints, how large it is, and the ways to begin anew."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imgui_bundle import ImVec2, ImVec4, imgui

from viewer.actions import Action, ChangeSettings, Clear, Scatter, Undo, UseStamp
from viewer.panels.browser import draw_tiles
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, Icon
from viewer.panels.widgets import button, heading, label, quiet_text, segments, thirds
from viewer.settings import (
    LARGEST_BRUSH_RADIUS_CELLS,
    SMALLEST_BRUSH_RADIUS_CELLS,
    BrushKind,
    Settings,
)

KINDS: tuple[BrushKind, ...] = ("colour", "stamp")
PALETTE = (
    (0.95, 0.55, 0.20),
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
    chosen = segments("kind", ("Colour", "Stamp"), KINDS.index(settings.brush_kind))
    if KINDS[chosen] != settings.brush_kind:
        yield ChangeSettings(replace(settings, brush_kind=KINDS[chosen]))
    if settings.brush_kind == "colour":
        yield from _draw_colours(settings)
    else:
        yield from _draw_stamps(state)
    yield from _draw_radius(settings)
    yield from _draw_buttons(state)


def _draw_colours(settings: Settings) -> Iterator[Action]:
    label("Colour")
    changed, colour = imgui.color_edit3(
        "##colour", list(settings.brush_colour), imgui.ColorEditFlags_.display_hex
    )
    picked = tuple(colour) if changed else None
    side = thirds(len(PALETTE))
    for index, swatch in enumerate(PALETTE):
        if index:
            imgui.same_line()
        flags = imgui.ColorEditFlags_.no_tooltip | imgui.ColorEditFlags_.no_border
        if imgui.color_button(f"##{index}", ImVec4(*swatch, 1), flags, ImVec2(side, side * 0.8)):
            picked = swatch
    if picked is not None:
        red, green, blue = (min(max(level, 0.0), 1.0) for level in picked)
        yield ChangeSettings(replace(settings, brush_colour=(red, green, blue)))


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
    label("Radius")
    radius = settings.brush_radius_cells
    changed, radius = imgui.slider_float(
        "##radius",
        radius,
        SMALLEST_BRUSH_RADIUS_CELLS,
        LARGEST_BRUSH_RADIUS_CELLS,
        "%.0f cells" if radius >= 10 else "%.1f cells",
        imgui.SliderFlags_.logarithmic | imgui.SliderFlags_.always_clamp,
    )
    if changed:
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
