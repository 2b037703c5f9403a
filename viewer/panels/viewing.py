"""The view: grid size, crisp or smooth, tiled or not, zoom."""

from collections.abc import Iterator
from dataclasses import replace

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, ChangeSettings, Fit
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import button, heading, label, same_line_right, segments, tooltip
from viewer.simulation import LARGEST_GRID_CELLS

SQUARES = (64, 128, 256, 512, 1024)


class ViewPart:
    """Draws the part; remembers the numbers that are being typed."""

    def __init__(self) -> None:
        self._typed = [256, 256]

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the part; gives what the user asked for."""
        heading(fonts, "View")
        settings = state.settings
        label("Cells")
        smooth = bool(segments("smooth", ("Crisp", "Smooth"), int(settings.smooth)))
        tooltip("Square cells, or blended ones (D)")
        if smooth != settings.smooth:
            yield ChangeSettings(replace(settings, smooth=smooth))
        label("Edges")
        tiled = not segments("tiled", ("Repeat", "One grid"), int(not settings.tiled))
        tooltip("Repeat the grid over the window, or show it once (T)")
        if tiled != settings.tiled:
            yield ChangeSettings(replace(settings, tiled=tiled))
        label("Grid")
        width, height = settings.grid
        if imgui.begin_combo("##grid", f"{width} x {height} cells"):
            yield from self._draw_sizes(state)
            imgui.end_combo()
        label("Zoom")
        imgui.align_text_to_frame_padding()
        imgui.text(f"{state.camera.pixels_per_cell:.3g} pixels a cell")
        same_line_right(em(4.5))
        if button("Fit", "Show the whole grid (Home)", em(4.5)):
            yield Fit()

    def _draw_sizes(self, state: PanelState) -> Iterator[Action]:
        for width, height in [*((side, side) for side in SQUARES), _view_cells(state)]:
            name = f"{width} x {height}"
            if (width, height) == _view_cells(state):
                name += ", the window's own pixels"
            if imgui.selectable(name, (width, height) == state.settings.grid)[0]:
                yield _use_grid(state, width, height)
        imgui.separator()
        imgui.set_next_item_width(em(9))
        _, self._typed = imgui.input_int2("##size", self._typed)
        imgui.same_line()
        if imgui.button("Use", ImVec2(-1, 0)):
            width, height = (min(max(side, 1), LARGEST_GRID_CELLS) for side in self._typed)
            self._typed = [width, height]
            yield _use_grid(state, width, height)
            imgui.close_current_popup()


def _view_cells(state: PanelState) -> tuple[int, int]:
    width, height = (min(side, LARGEST_GRID_CELLS) for side in state.view_size_pixels)
    return max(width, 1), max(height, 1)


def _use_grid(state: PanelState, width: int, height: int) -> Action:
    return ChangeSettings(replace(state.settings, grid_width=width, grid_height=height))
