"""The panel at the right of the window, put together from its parts."""

from collections.abc import Iterator

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, TakeScreenshot, ToggleHelp
from viewer.keys import KeyPress
from viewer.panels import theme
from viewer.panels.browser import draw_browser
from viewer.panels.closing import draw_closing, draw_closing_on_dream, draw_closing_on_painting
from viewer.panels.content import draw_content
from viewer.panels.crop import MARGIN_EMS, TALLEST_EMS
from viewer.panels.dream import DreamPart
from viewer.panels.dream_film import draw_cross, draw_film, dream_label, film_points
from viewer.panels.export import ExportPart
from viewer.panels.overlay import (
    draw_help,
    draw_label,
    draw_message,
    draw_ring,
    draw_waiting,
    preview_label,
)
from viewer.panels.painting import draw_brush
from viewer.panels.playback import draw_playback
from viewer.panels.stability import draw_stability
from viewer.panels.state import PanelState
from viewer.panels.stylize import StylizePart
from viewer.panels.stylize_view import draw_painting_view
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.training import TrainingPart
from viewer.panels.viewing import ViewPart
from viewer.panels.widgets import (
    button,
    display_name,
    same_line_right,
    segments,
    text_colour,
    title,
    tooltip,
)
from viewer.stylize_draft import SlotName
from viewer.training_actions import ShowTab, Tab

FIXED = (
    imgui.WindowFlags_.no_decoration
    # The panel's ground is cleared, not drawn: blending it costs milliseconds on a processor.
    | imgui.WindowFlags_.no_background
    | imgui.WindowFlags_.no_move
    | imgui.WindowFlags_.no_saved_settings
    | imgui.WindowFlags_.no_bring_to_front_on_focus
    | imgui.WindowFlags_.no_nav
)
TABS: tuple[Tab, ...] = ("play", "train", "style", "dream", "export")
FOOTER_EMS = 3.0
NARROWEST_HELP_EMS = 32.0


class Sidebar:
    """Draws everything that is not the picture; gives the actions the user asked for."""

    def __init__(self, ui_scale: float) -> None:
        self._fonts: Fonts = theme.apply_theme(ui_scale)
        self._viewing = ViewPart()
        self._training = TrainingPart()
        self._export = ExportPart()
        self._dream = DreamPart()
        self._stylize = StylizePart()
        self._scrolls = False

    def width_points(self) -> float:
        """How much of the window's width the panel takes while it shows."""
        return float(int(em(theme.PANEL_EMS)))

    def picture_box_points(self) -> tuple[float, float]:
        """How large a picture within the panel can be, width and height."""
        margins = 2 * (imgui.get_style().window_padding.x + em(MARGIN_EMS))
        return em(theme.PANEL_EMS) - margins, em(TALLEST_EMS)

    def pointed_slot(self) -> SlotName | None:
        """The slot for a painting's picture that the pointer is over."""
        return self._stylize.slots.pointed_slot()

    def takes(self, press: KeyPress) -> bool:
        """Offer the panel a key: a field takes them all, an open menu Esc, which closes it."""
        if imgui.get_io().want_text_input:
            return True
        if press.name != "escape" or not imgui.is_popup_open("", imgui.PopupFlags_.any_popup):
            return False
        imgui.internal.close_popup_to_level(0, True)
        return True

    def draw(
        self, state: PanelState, window_points: tuple[int, int], pixels_per_point: float
    ) -> list[Action]:
        """Draw one frame in a window of this size in points."""
        given: list[Action] = []
        panel_width = self.width_points() if state.settings.panel_visible else 0
        view_points = (window_points[0] - panel_width, float(window_points[1]))
        dream, painting = state.dreaming, state.stylizing
        shows_dream = state.training.tab == "dream" and dream.is_shown
        shows_painting = state.training.tab == "style" and painting.is_shown
        is_covered = shows_dream or shows_painting
        if state.training.tab == "dream" and dream.cross_pixels is not None:
            draw_cross(*(place / pixels_per_point for place in dream.cross_pixels))
        elif state.automaton is not None and not is_covered:
            draw_ring(state, pixels_per_point)
        elif state.opening_path is not None:
            draw_waiting(state.opening_path, view_points)
        if state.settings.panel_visible:
            works = (state.training, dream, painting)
            imgui.begin_disabled(any(work.asks_before_closing for work in works))
            given += self._draw_panel(state, window_points)
            imgui.end_disabled()
        if shows_dream and dream.run is not None:
            draw_label(dream_label(dream.run))
            if dream.run.made_count and not dream.asks_before_closing:
                given += draw_film(dream.run, view_points)
                view_points = (view_points[0], view_points[1] - film_points())
        if shows_painting and painting.run is not None:
            given += draw_painting_view(painting, painting.run, self._holds_original(state))
        if state.message is not None:
            given += draw_message(state.message, view_points)
        run = state.training.run
        if run is not None and run.is_shown and not is_covered:
            draw_label(preview_label(run))
        if run is not None and state.training.asks_before_closing:
            waiting_count = len(state.training.waiting)
            given += draw_closing(self._fonts, run, waiting_count, window_points)
        elif dream.run is not None and dream.asks_before_closing:
            given += draw_closing_on_dream(self._fonts, dream.run, window_points)
        elif painting.run is not None and painting.asks_before_closing:
            given += draw_closing_on_painting(self._fonts, painting.run, window_points)
        if state.help_is_open:
            fits = view_points[0] > em(NARROWEST_HELP_EMS)
            given += draw_help(self._fonts, view_points if fits else window_points)
        return given

    def _draw_panel(self, state: PanelState, window_points: tuple[int, int]) -> Iterator[Action]:
        width, height = window_points
        imgui.set_next_window_pos(ImVec2(width - self.width_points(), 0))
        imgui.set_next_window_size(ImVec2(self.width_points(), height))
        imgui.begin("panel", None, FIXED)
        # A scrollbar stands in the margin, so that nothing moves when it comes.
        margin = imgui.get_style().scrollbar_size if self._scrolls else 0.0
        room = imgui.get_content_region_avail()
        footer = em(FOOTER_EMS) - imgui.get_style().window_padding.y
        imgui.begin_child("parts", ImVec2(room.x + margin, room.y - footer))
        self._scrolls = imgui.get_scroll_max_y() > 0
        tab = state.training.tab
        names = tuple(name.capitalize() for name in TABS)
        chosen = TABS[segments("tab", names, TABS.index(tab))]
        if chosen != tab:
            yield ShowTab(chosen)
        if tab == "play":
            yield from self._draw_play(state)
        elif tab == "export":
            _draw_title(self._fonts, state)
            yield from self._export.draw(state, self._fonts)
        elif tab == "style":
            yield from self._stylize.draw(state, self._fonts)
        elif tab == "dream":
            yield from self._dream.draw(state, self._fonts)
        else:
            yield from self._training.draw(state, self._fonts)
        imgui.end_child()
        yield from _draw_footer(state)
        imgui.end()

    def _holds_original(self, state: PanelState) -> bool:
        return state.settings.panel_visible and self._stylize.run.holds_original

    def _draw_play(self, state: PanelState) -> Iterator[Action]:
        yield from draw_stability(state)
        _draw_title(self._fonts, state)
        yield from draw_browser(state, self._fonts)
        yield from draw_content(state, self._fonts)
        yield from draw_playback(state, self._fonts)
        yield from draw_brush(state, self._fonts)
        yield from self._viewing.draw(state, self._fonts)


def _draw_title(fonts: Fonts, state: PanelState) -> None:
    automaton = state.automaton
    name, summary = "Lichen", "Nothing grows here yet"
    if automaton is not None:
        name = display_name(state.automaton_path) if state.automaton_path else automaton.name
        summary = (
            f"{automaton.channels} channels, {automaton.hidden} hidden, "
            f"{automaton.parameter_count:,} weights"
        )
    title(fonts, name)
    imgui.text_colored(theme.QUIET, summary)


def _draw_footer(state: PanelState) -> Iterator[Action]:
    readings = state.readings
    imgui.separator()
    imgui.align_text_to_frame_padding()
    speed = "paused" if state.is_paused else f"{readings.steps_per_second:.0f} steps/s"
    with text_colour(theme.QUIET):
        imgui.text(f"{readings.frames_per_second:.0f} fps    {speed}")
    tooltip(f"The longest of the last frames took {readings.longest_frame_seconds * 1000:.0f} ms.")
    side = imgui.get_frame_height() * 1.3
    same_line_right(2 * side + imgui.get_style().item_spacing.x)
    imgui.push_style_var_x(imgui.StyleVar_.frame_padding, 0)
    if button(Icon.CAMERA, "Save a screenshot of the grid (S)", side):
        yield TakeScreenshot()
    imgui.same_line()
    if button(Icon.HELP, "All keys (F1)", side):
        yield ToggleHelp()
    imgui.pop_style_var()
