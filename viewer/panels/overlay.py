"""What lies over the picture: the brush's ring, the message, the list of keys."""

from collections.abc import Iterator
from pathlib import Path

from imgui_bundle import ImVec2, imgui

from viewer.actions import Action, Dismiss, ToggleHelp
from viewer.keys import GROUPS, Binding, Gesture
from viewer.panels import theme
from viewer.panels.state import Message, PanelState
from viewer.panels.theme import Fonts, Icon, em
from viewer.panels.training_state import RunState
from viewer.panels.widgets import display_name, heading, text_colour

FLOATING = (
    imgui.WindowFlags_.no_decoration
    | imgui.WindowFlags_.no_move
    | imgui.WindowFlags_.no_saved_settings
    | imgui.WindowFlags_.always_auto_resize
    | imgui.WindowFlags_.no_nav
)
HELP_LABEL_EMS = 13.0
HELP_COLUMNS = (("Brush", "Automata and window"), ("View", "Time"))


def draw_ring(state: PanelState, pixels_per_point: float) -> None:
    """A ring around what the brush would change, dark and bright to show on any texture."""
    inputs = imgui.get_io()
    if inputs.want_capture_mouse or not imgui.is_mouse_pos_valid():
        return
    cell_points = state.camera.pixels_per_cell / pixels_per_point
    radius = max(state.settings.brush_radius_cells * cell_points, 2.0)
    canvas = imgui.get_background_draw_list()
    for colour, thickness in ((theme.colour("000000", 0.55), em(0.2)), (theme.TEXT, em(0.09))):
        canvas.add_circle(
            inputs.mouse_pos, radius, imgui.get_color_u32(colour), thickness=thickness
        )


def draw_waiting(path: Path, view_points: tuple[float, float]) -> None:
    """The name of the first automaton, in the middle of the empty view."""
    text = f"Growing {display_name(path)}..."
    size = imgui.calc_text_size(text)
    place = ImVec2((view_points[0] - size.x) / 2, (view_points[1] - size.y) / 2)
    imgui.get_background_draw_list().add_text(place, imgui.get_color_u32(theme.QUIET), text)


def preview_label(run: RunState) -> str:
    """Whose weights the view runs, and how old they are."""
    doing = {"training": "Learning", "paused": "Paused:"}.get(run.phase, "")
    if run.looked_back is not None:
        doing = "Looking back:"
    elif run.has_failed:
        doing = "Stopped:"
    elif run.has_ended:
        doing = "Learnt"
    return f"{doing} {run.name}, iteration {run.shown_iteration or 0:,}".strip()


def draw_label(text: str) -> None:
    """What the view shows, at its upper left."""
    size, margin, padding = imgui.calc_text_size(text), em(1.0), ImVec2(em(0.8), em(0.45))
    low = ImVec2(margin, margin)
    high = ImVec2(low.x + size.x + 2 * padding.x, low.y + size.y + 2 * padding.y)
    canvas = imgui.get_background_draw_list()
    canvas.add_rect_filled(low, high, imgui.get_color_u32(theme.GROUND), em(0.5))
    place = ImVec2(low.x + padding.x, low.y + padding.y)
    canvas.add_text(place, imgui.get_color_u32(theme.TEXT), text)


def draw_message(message: Message, view_points: tuple[float, float]) -> Iterator[Action]:
    """A sentence at the lower left of the view, with a button to dismiss it."""
    margin = em(1.0)
    imgui.set_next_window_pos(ImVec2(margin, view_points[1] - margin), pivot=ImVec2(0, 1))
    widest = max(view_points[0] - 2 * margin, em(10))
    imgui.set_next_window_size_constraints(ImVec2(0, 0), ImVec2(widest, view_points[1]))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, em(0.5))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(em(0.9), em(0.6)))
    imgui.begin("message", None, FLOATING)
    text_width = min(imgui.calc_text_size(message.text).x, widest - em(5))
    imgui.push_text_wrap_pos(imgui.get_cursor_pos_x() + text_width + 1)
    imgui.align_text_to_frame_padding()
    with text_colour(theme.ALARM if message.is_error else theme.TEXT):
        imgui.text(message.text)
    imgui.pop_text_wrap_pos()
    imgui.same_line()
    if imgui.small_button(Icon.CLOSE):
        yield Dismiss()
    imgui.end()
    imgui.pop_style_var(2)


def draw_help(fonts: Fonts, view_points: tuple[float, float]) -> Iterator[Action]:
    """Every key and gesture over the middle of the view, in two columns where they fit."""
    width, height = view_points
    columns = HELP_COLUMNS if width > em(58) else tuple((name,) for name in GROUPS)
    imgui.set_next_window_pos(ImVec2(width / 2, height / 2), pivot=ImVec2(0.5, 0.5))
    imgui.set_next_window_size_constraints(ImVec2(0, 0), ImVec2(width, height - em(2)))
    imgui.push_style_var(imgui.StyleVar_.window_rounding, em(0.7))
    imgui.push_style_var(imgui.StyleVar_.window_padding, ImVec2(em(1.8), em(1.4)))
    imgui.begin("help", None, FLOATING & ~imgui.WindowFlags_.no_scrollbar)
    for index, names in enumerate(columns):
        if index and columns is HELP_COLUMNS:
            imgui.same_line(0, em(2.2))
        imgui.begin_group()
        for name in names:
            _draw_help_group(fonts, name, GROUPS[name])
        imgui.end_group()
    if imgui.button("Close", ImVec2(em(7), 0)):
        yield ToggleHelp()
    imgui.end()
    imgui.pop_style_var(2)


def _draw_help_group(fonts: Fonts, name: str, items: tuple[Binding | Gesture, ...]) -> None:
    heading(fonts, name)
    for item in items:
        imgui.text_colored(theme.ACCENT, item.label)
        imgui.same_line(em(HELP_LABEL_EMS))
        imgui.text(item.meaning)
    imgui.dummy(ImVec2(0, em(0.25)))
