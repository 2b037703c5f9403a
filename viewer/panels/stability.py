"""The badge under an automaton's name: whether it holds, as far as anybody has checked."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, ImVec4, imgui

from exporters.verdict import Verdict
from viewer.actions import Action, CheckStability
from viewer.panels import theme
from viewer.panels.state import PanelState
from viewer.panels.theme import em
from viewer.panels.widgets import button, same_line_right, tooltip

BUTTON_EMS = 4.2


def draw_stability(state: PanelState) -> Iterator[Action]:
    """Draw the badge and the button that has the automaton checked."""
    if state.automaton_path is None or state.automaton is None:
        return
    stability = state.stability
    text, colour = "not checked", theme.FAINT
    if stability.is_checking:
        text, colour = "checking...", theme.QUIET
    elif stability.verdict is not None:
        text, colour = stability.verdict.word, _colour(stability.verdict)
    _draw_badge(text, colour)
    if stability.verdict is not None and not stability.is_checking:
        tooltip(f"{stability.verdict.reason}\nWatched for {stability.verdict.steps:,} steps.")
    same_line_right(em(BUTTON_EMS))
    hint = "Watch it for 2,000 steps: from its seed, from noise and after a wound"
    if button("Check", hint, em(BUTTON_EMS), enabled=not stability.is_checking):
        yield CheckStability(state.automaton_path)


def _draw_badge(text: str, colour: ImVec4) -> None:
    imgui.align_text_to_frame_padding()
    radius, height = em(0.28), imgui.get_frame_height()
    corner = imgui.get_cursor_screen_pos()
    centre = ImVec2(corner.x + radius, corner.y + height / 2)
    imgui.get_window_draw_list().add_circle_filled(centre, radius, imgui.get_color_u32(colour))
    imgui.set_cursor_pos_x(imgui.get_cursor_pos_x() + 3.2 * radius)
    imgui.text_colored(colour, text)


def _colour(verdict: Verdict) -> ImVec4:
    return theme.ACCENT if verdict.is_sound else theme.ALARM
