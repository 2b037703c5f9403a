"""The export panel: a button for every place that an automaton can go to."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from exporters.errors import LichenError
from exporters.targets.registry import TARGETS
from exporters.targets.target import SMALLEST_SIDE_CELLS, ExportOptions, Target
from viewer.actions import Action, CancelExport, Export, OpenExport
from viewer.exporting import PICTURES, ExportOrder
from viewer.panels.state import PanelState
from viewer.panels.theme import Fonts, em
from viewer.panels.widgets import (
    button,
    heading,
    label,
    main_button,
    quiet_text,
    shortened,
    slider,
    thirds,
)

MOST_STEPS_PER_FRAME = 16
HINTS = {
    ".png": "A still of the grid; its edges fit, so that it tiles",
    ".gif": "A loop for chats and pages",
    ".mp4": "A film that loops without a seam",
    ".webm": "A film that loops, for web pages",
}


class ExportPart:
    """Draws the panel; remembers its one option while the window is open."""

    def __init__(self) -> None:
        self._steps_per_frame = 1

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the panel; gives what the user asked for."""
        if state.automaton is None or state.automaton_path is None:
            quiet_text("An automaton can be exported as soon as it is kept in a file.")
            return
        options = self._draw_options(state)
        is_busy = bool(state.export.running)
        heading(fonts, "Programs")
        for place, target in enumerate(TARGETS.values()):
            if place % 2:
                imgui.same_line()
            refusal = _refusal(target, state)
            hint = refusal or f"{target.summary[0].upper()}{target.summary[1:]}."
            width = thirds(2) if place % 2 == 0 else imgui.get_content_region_avail().x
            if button(f"{target.title}##to", hint, width, not (is_busy or refusal)):
                yield Export(ExportOrder(state.automaton_path, target.name, options))
        heading(fonts, "Pictures and films")
        width = thirds(len(PICTURES))
        for place, (name, suffix) in enumerate(PICTURES.items()):
            if place:
                imgui.same_line()
            if button(f"{name}##to", HINTS[suffix], width, not is_busy):
                yield Export(ExportOrder(state.automaton_path, suffix, options))
        yield from _draw_outcome(state, fonts)

    def _draw_options(self, state: PanelState) -> ExportOptions:
        width, height = (max(SMALLEST_SIDE_CELLS, side) for side in state.settings.grid)
        label("Grid")
        imgui.text(f"{width} x {height} cells, seed {state.random_seed}")
        shown = f"{self._steps_per_frame} a frame"
        chosen = slider("Steps", self._steps_per_frame, 1, MOST_STEPS_PER_FRAME, shown)
        if chosen is not None:
            self._steps_per_frame = round(chosen)
        return ExportOptions((width, height), self._steps_per_frame, state.random_seed)


def _refusal(target: Target, state: PanelState) -> str:
    assert state.automaton is not None
    try:
        target.check([state.automaton])
    except LichenError as error:
        return str(error)
    return ""


def _draw_outcome(state: PanelState, fonts: Fonts) -> Iterator[Action]:
    if state.export.running:
        heading(fonts, "At work")
        quiet_text(f"Writing {state.export.running}")
        imgui.progress_bar(-float(imgui.get_time()) / 2, ImVec2(-1, em(0.4)), "")
        if button("Cancel##export", "Stop; nothing is left behind", -1):
            yield CancelExport()
    elif state.export.written is not None:
        heading(fonts, "Written")
        path = state.export.written
        imgui.text(shortened(path.name, imgui.get_content_region_avail().x))
        quiet_text(f"in {path.parent}")
        if main_button("Open it", "As a double click would", thirds(2)):
            yield OpenExport()
        imgui.same_line()
        if button("Show folder", "Where your exports lie", -1):
            yield OpenExport(folder=True)
