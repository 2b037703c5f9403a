"""The badge beside an automaton's name: whether it holds, as far as anybody has checked."""

from collections.abc import Iterator

from imgui_bundle import ImVec4, imgui

from viewer.actions import Action, CheckStability
from viewer.panels import theme
from viewer.panels.state import PanelState, StabilityState
from viewer.panels.widgets import button, text_colour

OFFER = "Click to watch it for 2,000 steps: from its seed, from noise and after a wound."


def draw_stability(state: PanelState) -> Iterator[Action]:
    """Draw the badge at the right end of the line; a click has the automaton checked.

    The cursor stays where it was, for the name on the same line.
    """
    if state.automaton_path is None or state.automaton is None:
        return
    stability = state.stability
    text, colour = _label(stability)
    width = imgui.calc_text_size(text).x + 2 * imgui.get_style().frame_padding.x
    start = imgui.get_cursor_pos()
    imgui.set_cursor_pos_x(start.x + imgui.get_content_region_avail().x - width)
    with text_colour(colour):
        pressed = button(f"{text}##stability", _hint(stability), enabled=not stability.is_checking)
    imgui.set_cursor_pos(start)
    if pressed:
        yield CheckStability(state.automaton_path)


def _label(stability: StabilityState) -> tuple[str, ImVec4]:
    if stability.is_checking:
        return "checking...", theme.QUIET
    if stability.verdict is None:
        return "Check", theme.TEXT
    return stability.verdict.word, theme.ACCENT if stability.verdict.is_sound else theme.ALARM


def _hint(stability: StabilityState) -> str:
    verdict = stability.verdict
    if stability.is_checking:
        return "Its verdict comes in a moment; go on playing."
    if verdict is None:
        return f"Nobody has checked whether it holds.\n{OFFER}"
    return f"{verdict.reason}\nWatched for {verdict.steps:,} steps. {OFFER}"
