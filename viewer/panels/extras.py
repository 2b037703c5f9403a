"""Optional parts: what they need, and how to get it."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, CancelInstallation, Install
from viewer.installation import Installation, State
from viewer.panels import theme
from viewer.panels.state import ExtraState, PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.widgets import quiet_text, text_colour

LONGEST_LINE = 60


class ExtrasPart:
    """Draws what is to come, folded until it is wanted."""

    def __init__(self) -> None:
        self._unfolded: set[str] = set()

    def draw(self, state: PanelState, fonts: Fonts) -> Iterator[Action]:
        """Draw the part; gives what the user asked for."""
        if self._heading(fonts, "Dream"):
            yield from draw_extra(state.dream)
            if state.dream.is_installed:
                quiet_text(
                    "What diffusion models need is installed. This version does not dream yet; "
                    "zooming dreams come in a later one."
                )

    def _heading(self, fonts: Fonts, text: str) -> bool:
        """A title that folds and unfolds its part; whether it is unfolded."""
        imgui.dummy(ImVec2(0, em(0.35)))
        top_left = imgui.get_cursor_screen_pos()
        width = imgui.get_content_region_avail().x
        if imgui.invisible_button(text, ImVec2(width, em(1.1))):
            self._unfolded ^= {text}
        colour = imgui.get_color_u32(theme.TEXT if imgui.is_item_hovered() else theme.FAINT)
        size = em(theme.HEADING_POINTS / theme.TEXT_POINTS)
        canvas = imgui.get_window_draw_list()
        canvas.add_text(fonts.bold, size, top_left, colour, text.upper())
        arrow = Icon.UNFOLDED if text in self._unfolded else Icon.FOLDED
        right = ImVec2(top_left.x + width - em(0.8), top_left.y)
        canvas.add_text(fonts.regular, size, right, colour, arrow)
        return text in self._unfolded


def draw_extra(state: ExtraState) -> Iterator[Action]:
    """The offer to install a part that is missing, or how its installation goes."""
    installation = state.installation
    imgui.push_id(state.extra.name)
    if installation is not None and installation.state is State.RUNNING:
        yield from _draw_progress(state, installation)
    elif not state.is_installed:
        purpose = state.extra.purpose.capitalize()
        quiet_text(f"{purpose} needs packages that are not installed: {state.extra.size}.")
        if installation is not None and installation.error:
            with text_colour(theme.ALARM):
                imgui.text_wrapped(installation.error)
        if imgui.button("Install", ImVec2(-1, 0)):
            yield Install(state.extra)
    imgui.pop_id()


def _draw_progress(state: ExtraState, installation: Installation) -> Iterator[Action]:
    imgui.progress_bar(installation.progress, ImVec2(-1, em(0.4)), "")
    latest = installation.lines[-1] if installation.lines else "Starting..."
    quiet_text(f"{installation.progress:.0%}  {latest[:LONGEST_LINE]}")
    if imgui.button("Cancel", ImVec2(-1, 0)):
        yield CancelInstallation(state.extra)
